import type { ServerResponse } from 'node:http'

const due = new WeakMap<ServerResponse, (() => void)[]>()

/**
 * Calls back when the response has closed. One listener serves all who wait: a stream has many already, and Node warns of more than ten.
 *
 * What a WeakMap has of a response is let go of here: until its next full collection V8 takes that for alive, and all that it can reach.
 */
export function uponClose(response: ServerResponse, then: () => void): void {
  const others = due.get(response)
  if (others !== undefined) {
    others.push(then)
    return
  }
  due.set(response, [then])
  response.on('close', closed)
}

function closed(this: ServerResponse): void {
  for (const then of due.get(this) ?? []) then()
  due.delete(this)
}
