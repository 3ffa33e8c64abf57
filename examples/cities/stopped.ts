import { once } from 'node:events'

/** Resolves when somebody stops the application; at once, if that has happened. */
export async function stopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}
