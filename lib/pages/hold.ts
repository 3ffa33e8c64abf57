import type { ServerResponse } from 'node:http'

const HELD = ['writeHead', 'flushHeaders', 'write', 'end'] as const

/**
 * Holds a response back, from its first byte, until the work that its status calls for is done; then lets it go as it was written.
 * @param work asked once, when the status is known; `undefined` lets the response go at once
 * @param failed called instead of letting the response go, when the work has failed
 */
export function holdUntil(response: ServerResponse, work: () => Promise<void> | undefined, failed: (error: unknown) => void): void {
  const original = Object.fromEntries(HELD.map(name => [name, response[name]])) as unknown as Record<
    string,
    (...args: unknown[]) => unknown
  >
  let queue: (() => unknown)[] | undefined
  let waitsForDrain = false

  const letGo = () => {
    Object.assign(response, original)
    try {
      for (const call of queue ?? []) call()
    } catch (error) {
      failed(error)
      return
    }
    if (waitsForDrain && !response.writableNeedDrain) response.emit('drain')
  }
  const giveUp = (error: unknown) => {
    Object.assign(response, original)
    failed(error)
  }
  const held = (name: string) => {
    return (...args: unknown[]) => {
      if (queue === undefined) {
        if (name === 'writeHead') response.statusCode = args[0] as number
        const pending = work()
        queue = []
        if (pending === undefined) letGo()
        else pending.then(letGo, giveUp)
        if (pending === undefined) return original[name]?.apply(response, args)
      }
      queue.push(() => original[name]?.apply(response, args))
      if (name === 'write') waitsForDrain = true
      return name === 'write' ? false : response
    }
  }
  Object.assign(response, Object.fromEntries(HELD.map(name => [name, held(name)])))
}
