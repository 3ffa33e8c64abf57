import type { ServerResponse } from 'node:http'

const due = new WeakMap<ServerResponse, (() => void)[]>()

/**
 * Calls back when the response has closed, or can no longer be sent. One listener serves all who wait: a stream has many already, and Node warns of
 * more than ten.
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
  if (response.socket === null) heedConnection(response)
}

/** Is it too late to wait for that? */
export function isClosed(response: ServerResponse): boolean {
  return response.closed || (response.socket === null && response.req.socket.destroyed)
}

/** Behind an earlier answer on its connection a response has no socket yet, and does not hear that it has closed. */
function heedConnection(response: ServerResponse): void {
  const { req: request } = response
  const disconnected = () => {
    if (request.socket.destroyed) closed.call(response)
    // A request that has been read to its end has closed before its connection does.
    else if (response.socket === null) request.socket.once('close', disconnected)
  }
  if (request.closed) disconnected()
  else request.once('close', disconnected)
}

function closed(this: ServerResponse): void {
  const waiting = due.get(this) ?? []
  due.delete(this)
  for (const then of waiting) then()
}
