import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { exampleFolder } from './example-folder.js'

export interface Options {
  readonly framework: 'Express' | 'Koa'
  /** 0 for any free one. */
  readonly port: number
  readonly database: string
  readonly help: boolean
}

export const usage = `Cities of the world: an example application of smart-cache.

  npm start                      on Express, at http://localhost:3000/
  npm start -- --koa             on Koa
  npm start -- --port 8080       at another port; 0 takes any free one

  --koa                          Koa instead of Express
  --port, -p <number>            the port to listen on (or PORT in the environment; 3000)
  --help, -h                     this text

  DATABASE                       the SQLite file (examples/cities/cities.sqlite), filled when it is new
`

/** What the command line and the environment ask for; the command line wins. Throws a sentence about what it cannot read. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { koa: { type: 'boolean' }, port: { type: 'string', short: 'p' }, help: { type: 'boolean', short: 'h' } },
  })
  return {
    framework: values.koa ? 'Koa' : 'Express',
    port: values.port === undefined ? portFrom('PORT', env['PORT'] || '3000') : portFrom('--port', values.port),
    database: env['DATABASE'] || fileURLToPath(new URL('cities.sqlite', exampleFolder)),
    help: values.help ?? false,
  }
}

function portFrom(source: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new Error(`Expected ${source} to be a port number from 0 to 65535, got “${text}”.`)
  return port
}
