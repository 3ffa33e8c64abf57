import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Tells when a response has been sent, and when its visitor has gone before; then it is recorded no more. The last says nothing of one who was answered.
 * @returns what ends it: with several policies one inside the other, one set of listeners is enough for a response
 */
export function watchDeparture(
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  { finished, gone }: { readonly finished: () => void; readonly gone: () => void },
): () => void {
  const closed = () => {
    finished()
    gone()
  }
  // Behind an earlier answer on its connection a response has no socket yet, and does not hear that it has closed.
  const disconnected = () => {
    if (request.socket.destroyed) gone()
  }
  response.prependOnceListener('finish', finished)
  response.prependOnceListener('close', closed)
  if (response.socket === null) request.once('close', disconnected)
  return () => {
    response.off('finish', finished).off('close', closed)
    request.off('close', disconnected)
  }
}
