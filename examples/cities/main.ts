import cluster from 'node:cluster'
import { prepareDatabase } from './database/prepare-database.js'
import { readOptions, usage } from './options.js'
import type { Options } from './options.js'
import { runProcesses } from './processes/run-processes.js'
import { tellFailure } from './processes/tell-failure.js'
import { thisProcess } from './processes/this-process.js'
import { watchRedis } from './redis/watch-redis.js'
import { serve } from './serve.js'

const stop = new AbortController()
// npm passes a Ctrl-C on that the terminal has sent already: any number of them means one thing.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())

try {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) process.stdout.write(usage)
  else if (thisProcess === undefined) await start(options)
  else await serve(options, { signal: stop.signal })
} catch (error) {
  if (!stop.signal.aborted) {
    tellFailure(error)
    process.exitCode = 1
  }
} finally {
  cluster.worker?.disconnect()
}

/** Gets ready what all processes share, once, and then answers: by itself, or in processes of its own. */
async function start(options: Options): Promise<void> {
  const { framework, processes, database, redis } = options
  await prepareDatabase(database, stop.signal)
  const watch = redis === undefined ? undefined : await watchRedis(redis, database)
  try {
    const where = processes === 1 ? framework : `${framework}, in ${processes} processes`
    const onListening = (port: number): void => console.log(`Cities on ${where}: http://localhost:${port}/`)
    const lasting = { signal: stop.signal, onListening }
    await (processes === 1 ? serve(options, lasting) : runProcesses(options, lasting))
  } finally {
    watch?.close()
  }
}
