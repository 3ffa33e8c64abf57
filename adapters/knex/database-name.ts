import { createHash, randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { ConfigError, shown } from '../../lib/errors.js'
import type { Dialect } from '../../lib/queries/tokens.js'
import type { Client } from './knex-client.js'

/** The connection settings by which databases, and what a user sees of them and how, are told apart. None of them is a secret. */
const SETTINGS = [
  'host',
  'hostname',
  'port',
  'user',
  'database',
  'db',
  'socketPath',
  'filename',
  'timezone',
  'charset',
  'options',
  'role',
  'dateStrings',
  'supportBigNumbers',
  'bigNumberStrings',
  'decimalNumbers',
  'rowsAsArray',
] as const
/** What pg takes where the settings do not say. */
const ENVIRONMENT = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGOPTIONS', 'PGTZ'] as const

/**
 * What tells this database from all others that share a store.
 * @throws {ConfigError} if that cannot be told from the connection settings
 */
export function databaseName(client: Client, dialect: Dialect, given: unknown): string {
  if (given !== undefined) {
    if (typeof given !== 'string' || given === '') throw new ConfigError(`Expected \`database\` to be a name, got ${shown(given)}`)
    return `${dialect}:${given}`
  }
  const { connectionSettings: settings, config } = client
  if (settings === undefined || config.connectionPool !== undefined || typeof config.connection === 'function') {
    throw new ConfigError('Which database this is cannot be told from its connection: name it in `database`')
  }
  return `${dialect}:${dialect === 'sqlite' ? fileName(settings['filename']) : digest(serverName(settings, config.searchPath, dialect))}`
}

/** A file is another one on each machine, and a database in memory on each connection. */
function fileName(filename: unknown): string {
  if (typeof filename !== 'string' || filename === '' || /:memory:|mode=memory/.test(filename)) return randomUUID()
  return digest([hostname(), resolve(filename)])
}

function serverName(settings: Readonly<Record<string, unknown>>, searchPath: unknown, dialect: Dialect): unknown {
  const named = SETTINGS.map(name => settings[name] ?? null)
  const environment = dialect === 'postgresql' ? ENVIRONMENT.map(name => process.env[name] ?? null) : []
  return [named, settings['connectionString'] ?? settings['uri'] ?? null, searchPath ?? null, environment]
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16)
}
