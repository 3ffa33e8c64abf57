import cluster from 'node:cluster'

/** Says in the terminal what went wrong; one of several processes has it said by the one that started them, so that it is said once. */
export function tellFailure(error: unknown): void {
  const failure = error instanceof Error ? error.message : String(error)
  if (cluster.worker) cluster.worker.send({ failure })
  else console.error(failure)
}

/** What a process has told, if a message is that. */
export function failureIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('failure' in message)) return undefined
  return String(message.failure)
}
