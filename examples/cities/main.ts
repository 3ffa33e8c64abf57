import { once } from 'node:events'
import { createServer } from 'node:http'
import { createCache } from 'smart-cache'
import { fillDatabase } from './database/fill-database.js'
import { openDatabase } from './database/open-database.js'
import { expressApp } from './express.js'
import { koaApp } from './koa.js'
import { close, listen } from './listen.js'
import { readOptions, usage } from './options.js'
import type { Options } from './options.js'
import { progressBar } from './progress-bar.js'
import { routes } from './routes.js'

const stop = new AbortController()
// npm passes a Ctrl-C on that the terminal has sent already: any number of them means one thing.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

try {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) process.stdout.write(usage)
  else await run(options)
} catch (error) {
  if (!stop.signal.aborted) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}

/** Serves until somebody stops it, and leaves nothing open. */
async function run({ framework, port, database }: Options): Promise<void> {
  const db = await openDatabase(database)
  const cache = createCache()
  try {
    await fillDatabase(db, { signal: stop.signal, onProgress: progressBar('Filling the database', process.stdout) })
    const mount = framework === 'Koa' ? koaApp : expressApp
    const server = createServer(mount(routes(db, cache), cache))
    console.log(`Cities on ${framework}: http://localhost:${await listen(server, port)}/`)
    if (!stop.signal.aborted) await once(stop.signal, 'abort')
    await close(server)
  } finally {
    await cache.close()
    await db.destroy()
  }
}
