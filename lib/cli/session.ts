import type { Knex } from 'knex'
import { analytics } from '../../adapters/knex/analytics/analytics.js'
import { redisStore } from '../../adapters/redis/redis-store.js'
import type { Analytics } from '../analytics/analytics.js'
import type { Cache } from '../caches/cache.js'
import { createCache } from '../caches/create-cache.js'
import type { FoundConfig } from './config.js'
import { UsageError } from './failures.js'

/** What is used of an ioredis client. */
export interface RedisConnection {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>
  disconnect(): void
}

const CONNECT_MS = 5_000

/** What a command works with, opened when it is asked for, and closed with the session. */
export class Session {
  readonly config: FoundConfig
  readonly #open: (() => unknown)[] = []
  #knex: Promise<Knex> | undefined
  #redis: Promise<RedisConnection> | undefined

  constructor(config: FoundConfig) {
    this.config = config
  }

  /** @throws {UsageError} if there is none */
  async analytics(): Promise<Analytics> {
    const { analytics: own, prefix } = this.config
    if (own !== undefined) return made(own)
    return analytics({ knex: await this.knex(), ...(prefix === undefined ? {} : { prefix }) })
  }

  /** @throws {UsageError} if there is none */
  knex(): Promise<Knex> {
    this.#knex ??= this.#openKnex()
    return this.#knex
  }

  /** @throws {UsageError} if there is none */
  redis(): Promise<RedisConnection> {
    this.#redis ??= this.#openRedis()
    return this.#redis
  }

  /** The cache of the application. @throws {UsageError} if it is in the memory of other processes, where nobody can reach it */
  async cache(): Promise<Cache> {
    const { cache: own, namespace, redisPrefix } = this.config
    if (own !== undefined) {
      const cache = await made(own)
      this.#open.push(() => cache.close())
      return cache
    }
    const client = (await this.redis()) as unknown as Parameters<typeof redisStore>[0]['client']
    const store = redisStore({ client, near: false, budget: CONNECT_MS, ...(redisPrefix === undefined ? {} : { prefix: redisPrefix }) })
    const cache = createCache({ store, ...(namespace === undefined ? {} : { namespace }) })
    this.#open.push(() => cache.close())
    return cache
  }

  async close(): Promise<void> {
    for (const close of this.#open.toReversed()) await close()
  }

  async #openKnex(): Promise<Knex> {
    const { knex: own, database } = this.config
    if (own === undefined && database === undefined)
      throw new UsageError('Which database has the analytics? Say --database <url>, or `database` or `knex` in smart-cache.config.js')
    const db = own === undefined ? await connect(database ?? '') : await made(own)
    this.#open.push(() => db.destroy())
    return db
  }

  async #openRedis(): Promise<RedisConnection> {
    const { redis } = this.config
    if (redis === undefined)
      throw new UsageError(
        'Where is the cache? What an application keeps in its own memory cannot be reached from here. Say --redis <url>, or `redis` or `cache` in smart-cache.config.js',
      )
    const { Redis } = await optional<{ readonly Redis: new (url: string, options: object) => RedisConnection & RedisEvents }>('ioredis')
    const client = new Redis(redis, { lazyConnect: true, connectTimeout: CONNECT_MS, maxRetriesPerRequest: 1, retryStrategy: () => null })
    this.#open.push(() => client.disconnect())
    // What fails is told by who asked.
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      throw new Error(`Redis at ${withoutPassword(redis)} does not answer: ${messageOf(error)}`, { cause: error })
    }
    return client
  }
}

interface RedisEvents {
  on(event: 'error', listener: () => void): unknown
  connect(): Promise<void>
}

async function made<T>(given: T | (() => T | Promise<T>)): Promise<T> {
  // knex is a function, too, and so is what makes it: what was made has a client.
  return typeof given === 'function' && !('client' in given) ? (given as () => T | Promise<T>)() : (given as T)
}

async function connect(database: string): Promise<Knex> {
  const { default: knex } = await optional<{ readonly default: (config: Knex.Config) => Knex }>('knex')
  const quiet = () => undefined
  const common = { pool: { min: 0, max: 2 }, acquireConnectionTimeout: CONNECT_MS, log: { warn: quiet, error: quiet } }
  if (/^postgres(?:ql)?:\/\//.test(database)) return knex({ client: await driver('pg'), connection: database, ...common })
  if (/^(?:mysql|mariadb):\/\//.test(database))
    return knex({ client: await driver('mysql2'), connection: database.replace(/^mariadb/, 'mysql'), ...common })
  const [, file] = /^(?:sqlite:(?:\/\/)?)?(.+\.(?:sqlite3?|db))$/.exec(database) ?? []
  if (file === undefined) throw new UsageError(`Expected --database to be postgres://…, mysql://…, or a file that ends in .sqlite or .db`)
  const client = await driver('better-sqlite3').catch(async () => driver('sqlite3', 'better-sqlite3'))
  return knex({ client, connection: { filename: file }, useNullAsDefault: true, ...common })
}

/** The name of a driver that knex will find. @throws {UsageError} */
async function driver(name: string, better = name): Promise<string> {
  await optional(name, better)
  return name
}

/** A package that the application has, or has not. @param better what to install, if it has not */
async function optional<T>(name: string, better = name): Promise<T> {
  try {
    return (await import(name)) as T
  } catch (error) {
    throw new UsageError(`This needs the package ${better}: npm install ${better}`, { cause: error })
  }
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
