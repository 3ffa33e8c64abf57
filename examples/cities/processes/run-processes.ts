import cluster from 'node:cluster'
import type { Worker } from 'node:cluster'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SECRET } from '../options.js'
import type { Options } from '../options.js'
import { stopped } from '../stopped.js'
import { failureIn } from './tell-failure.js'
import { PROCESS } from './this-process.js'

export interface Running {
  readonly signal: AbortSignal
  /** Called once, when all of them listen. */
  readonly onListening: (port: number) => void
}

/**
 * Runs the application in several processes that share its port, until somebody stops it. If one of them ends by itself, so do the others, and
 * the promise rejects with a sentence about it.
 */
export async function runProcesses(
  { processes, secret }: Pick<Options, 'processes' | 'secret'>,
  { signal, onListening }: Running,
): Promise<void> {
  const workers = Array.from({ length: processes }, (_, index) => cluster.fork({ [PROCESS]: String(index + 1), [SECRET]: secret }))
  const ends = workers.map(async (worker, index) => endOf(worker, index + 1))
  const failed = Promise.race(ends).then(why => Promise.reject(new Error(why)))
  const over = Promise.race([stopped(signal), failed])
  try {
    const ports = await Promise.race([Promise.all(workers.map(portOf)), over])
    if (ports?.[0] !== undefined) onListening(ports[0])
    await over
  } finally {
    for (const worker of workers) worker.process.kill('SIGTERM')
    await Promise.all(ends)
  }
}

async function portOf(worker: Worker): Promise<number> {
  const [{ port }] = (await once(worker, 'listening')) as [AddressInfo]
  return port
}

/** Resolves when the process is gone, with why it went. */
async function endOf(worker: Worker, number: number): Promise<string> {
  let failure: string | undefined
  worker.on('message', message => (failure ??= failureIn(message)))
  const [[code, killedBy]] = (await Promise.all([once(worker, 'exit'), once(worker, 'disconnect')])) as [
    [number | null, string | null],
    unknown,
  ]
  return failure ?? `Process ${number} of the application has ended (${killedBy ?? `code ${code}`}), and so the others do.`
}
