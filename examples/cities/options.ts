import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exampleFolder } from './example-folder.js'

export interface Options {
  readonly framework: 'Express' | 'Koa'
  /** 0 for any free one. */
  readonly port: number
  readonly database: string
  /** The URL of the Redis that pages are kept in; without one, the memory of the process. */
  readonly redis: string | undefined
  readonly processes: number
  /** Pages end by tags that the application purges, not by what is written through knex. */
  readonly byHand: boolean
  /** What the tokens of forms are made with. */
  readonly secret: string
  readonly help: boolean
}

export const usage = `Cities of the world: an example application of smart-cache.

  npm start                      on Express, at http://localhost:3000/
  npm start -- --koa             on Koa
  npm start -- --port 8080       at another port; 0 takes any free one

  npm start -- --processes 4 --redis redis://127.0.0.1:6379
                                 as four processes, that share what they keep

  --koa                          Koa instead of Express
  --port, -p <number>            the port to listen on (or PORT in the environment; 3000)
  --redis <url>                  keep pages in this Redis as well, for all processes on one database
  --processes <number>           how many answer (1); more than one need --redis
  --by-hand                      purge the pages by tags, with code of the application's own, where else what is written through
                                 knex purges them by itself: an edit then ends only the pages that can show this city
  --help, -h                     this text

  DATABASE                       the SQLite file (examples/cities/cities.sqlite), filled when it is new
  CITIES_SECRET                  what the tokens of forms are made with; by default one for as long as the application runs
`

const MOST_PROCESSES = 64

/** In the environment. */
export const SECRET = 'CITIES_SECRET'

const SOME_REDIS = 'redis://127.0.0.1:6379'

const NO_REDIS = `Several processes need a Redis to share what they keep: what one keeps in its own memory, an edit in another could not purge.
Say which: npm start -- --processes 4 --redis ${SOME_REDIS}`

/** What the command line and the environment ask for; the command line wins. Throws a sentence about what it cannot read. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      koa: { type: 'boolean' },
      port: { type: 'string', short: 'p' },
      redis: { type: 'string' },
      processes: { type: 'string' },
      'by-hand': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const { redis } = values
  const processes = processesFrom(values.processes ?? '1')
  if (redis === '') throw new Error(`Expected --redis to be an address such as ${SOME_REDIS}, got nothing.`)
  if (processes > 1 && redis === undefined) throw new Error(NO_REDIS)
  return {
    framework: values.koa ? 'Koa' : 'Express',
    port: values.port === undefined ? portFrom('PORT', env['PORT'] || '3000') : portFrom('--port', values.port),
    database: env['DATABASE'] || fileURLToPath(new URL('cities.sqlite', exampleFolder)),
    redis,
    processes,
    byHand: values['by-hand'] ?? false,
    secret: env[SECRET] || randomBytes(32).toString('base64url'),
    help: values.help ?? false,
  }
}

function processesFrom(text: string): number {
  const processes = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
  if (!(processes >= 1 && processes <= MOST_PROCESSES)) {
    throw new Error(`Expected --processes to be a number from 1 to ${MOST_PROCESSES}, got “${text}”.`)
  }
  return processes
}

function portFrom(source: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new Error(`Expected ${source} to be a port number from 0 to 65535, got “${text}”.`)
  return port
}
