import { readFile } from 'node:fs/promises'
import { dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Knex } from 'knex'
import type { Analytics } from '../analytics/analytics.js'
import type { Cache } from '../caches/cache.js'
import { checkedOptions } from '../options.js'
import { UsageError } from './failures.js'

type Made<T> = T | (() => T | Promise<T>)

/** What `smart-cache.config.js` exports by default, or `smart-cache.config.json` holds: data only, there. */
export interface CliConfig {
  /** The URL of the Redis where the application's cache is. */
  readonly redis?: string | undefined
  /** What the keys there begin with, if the application has said so. @default 'smart-cache' */
  readonly redisPrefix?: string | undefined
  /** The URL of the database with the analytics: `postgres://…`, `mysql://…`, or a file that ends in `.sqlite` or `.db`. */
  readonly database?: string | undefined
  /** Or an instance of knex, or what makes one. */
  readonly knex?: Made<Knex> | undefined
  /** What the names of its tables begin with, if the application has said so. @default 'smart_cache_' */
  readonly prefix?: string | undefined
  /** The namespace of the cache, if it has one. */
  readonly namespace?: string | undefined
  /** Or the cache itself, or what makes it. */
  readonly cache?: Made<Cache> | undefined
  /** What `smart-cache warm` asks for. */
  readonly urls?: readonly string[] | undefined
  /** What it calls. */
  readonly warm?: ((cache: Cache) => unknown) | undefined
}

const NAMES = ['redis', 'redisPrefix', 'database', 'knex', 'prefix', 'namespace', 'cache', 'urls', 'warm', 'analytics']
const FILES = ['js', 'mjs', 'ts', 'json'].map(extension => `smart-cache.config.${extension}`)

export interface FoundConfig extends CliConfig {
  /** Where it was found; absent if nowhere. */
  readonly file: string | undefined
  readonly analytics?: Made<Analytics> | undefined
}

/**
 * The configuration in this file, or in the nearest of the usual name in this folder and those around it.
 * @throws {UsageError} for a file that cannot be
 */
export async function readConfig(file: string | undefined, folder: string): Promise<FoundConfig> {
  if (file !== undefined) return { ...(await load(resolve(folder, file))), file: resolve(folder, file) }
  for (let at = resolve(folder); ; at = dirname(at)) {
    for (const name of FILES) {
      const config = await load(join(at, name), true)
      if (config !== undefined) return { ...config, file: join(at, name) }
    }
    if (at === dirname(at)) return { file: undefined }
  }
}

async function load(path: string, optional: true): Promise<CliConfig | undefined>
async function load(path: string): Promise<CliConfig>
async function load(path: string, optional = false): Promise<CliConfig | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && optional) return undefined
    throw new UsageError(`Cannot read ${path}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  if (text === undefined) return undefined
  try {
    const given: unknown =
      extname(path) === '.json' ? JSON.parse(text) : ((await import(pathToFileURL(path).href)) as { default?: unknown }).default
    if (given === undefined) throw new UsageError('it has no default export')
    return checkedOptions(given, 'it', NAMES)
  } catch (error) {
    const { code, message = String(error) } = (error ?? {}) as Partial<NodeJS.ErrnoException>
    const why = code === 'ERR_UNKNOWN_FILE_EXTENSION' ? 'this Node reads no TypeScript; Node 22.18 and later do' : message
    throw new UsageError(`Cannot use ${path}: ${why}`, { cause: error })
  }
}
