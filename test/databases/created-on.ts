import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import type { Database } from '../queries/shop.js'

/** Databases that are made on a server, one for every use. */
export function createdOn(
  { name, dialect, client }: { readonly name: string; readonly dialect: Database['dialect']; readonly client: string },
  server: () => { readonly admin: Knex | undefined; readonly url: string },
): Database {
  return {
    name,
    dialect,
    async create() {
      const { admin, url } = server()
      const database = `shop_${randomUUID().replaceAll('-', '')}`
      await admin?.raw('create database ??', [database])
      const connection = new URL(url)
      connection.pathname = `/${database}`
      const config: Knex.Config = { client, connection: connection.href, pool: { min: 0, max: 6 }, log: { warn: () => undefined } }
      return { config, drop: async () => void (await admin?.raw('drop database ??', [database])) }
    },
  }
}
