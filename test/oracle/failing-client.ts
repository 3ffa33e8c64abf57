import { createRequire } from 'node:module'
import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import type { Database } from '../queries/shop.js'

/** What may go wrong when a statement is sent, each with its share of the cases. */
export interface Faults {
  /** The answer to a COMMIT is lost: it was committed, and the client is told otherwise. */
  readonly lost: number
  /** The COMMIT is not sent, and the transaction rolled back. */
  readonly unsent: number
  /** The process dies, right after the COMMIT. */
  readonly killed: number
  /** An answer takes its time. */
  readonly slow: number
}

interface Sent {
  readonly sql: string
}

interface Dialect {
  _query(connection: object, sent: Sent): Promise<unknown>
}

const DIALECTS = { postgresql: 'knex/lib/dialects/postgres/index.js', mysql: 'knex/lib/dialects/mysql2/index.js' }

/** The dialect's own client, with faults between it and the driver. */
export async function failingClient(dialect: Database['dialect'], faults: Faults, random: () => number): Promise<typeof Knex.Client> {
  const found: unknown = dialect === 'sqlite' ? await SqliteDialect.load() : createRequire(import.meta.url)(DIALECTS[dialect])
  const Base = found as new (config: object) => Dialect
  const happens = (share: number) => random() < share
  class Failing extends Base {
    override async _query(connection: object, sent: Sent): Promise<unknown> {
      const commits = /^commit/i.test(sent.sql)
      if (commits && happens(faults.unsent)) {
        await super._query(connection, { ...sent, sql: 'ROLLBACK' })
        throw new Error('COMMIT was not sent')
      }
      const answer = await super._query(connection, sent)
      if (commits && happens(faults.killed)) process.kill(process.pid, 'SIGKILL')
      if (happens(faults.slow)) await wait(random() * 4)
      if (commits && happens(faults.lost)) throw new Error('The answer to COMMIT was lost')
      return answer
    }
  }
  return Failing as unknown as typeof Knex.Client
}
