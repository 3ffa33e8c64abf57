import type { ServerResponse } from 'node:http'

type Listener = (...args: unknown[]) => void

/**
 * Who encodes a response on its way may hand on those who wait for its `'drain'` to a stream of his own, which nobody else can have it emit.
 * @returns what tells all who wait from now on, wherever they do
 */
export function heedDrain(response: ServerResponse): () => void {
  const waiting = new Set<Listener>()
  const { on } = response
  const heeding = function (this: ServerResponse, name: string, listener: Listener) {
    if (name === 'drain') waiting.add(listener)
    return on.call(this, name, listener)
  }
  Object.assign(response, { on: heeding })
  return () => {
    const here = response.rawListeners('drain')
    response.emit('drain')
    for (const listener of waiting) if (!here.includes(listener)) listener.call(response)
  }
}
