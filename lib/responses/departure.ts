import type { ServerResponse } from 'node:http'
import { uponClose } from './upon-close.js'

/**
 * Tells when a response has been sent, and when its visitor has gone before; then it is recorded no more. The last says nothing of one who was answered.
 * @returns what ends it: with several policies one inside the other, one set of listeners is enough for a response
 */
export function watchDeparture(
  response: ServerResponse,
  { finished, gone }: { readonly finished: () => void; readonly gone: () => void },
): () => void {
  let watching = true
  const closed = () => {
    if (!watching) return
    finished()
    gone()
  }
  response.prependOnceListener('finish', finished)
  response.prependOnceListener('close', closed)
  // It does not hear that it has closed, as long as it has no socket.
  if (response.socket === null) uponClose(response, closed)
  return () => {
    watching = false
    response.off('finish', finished).off('close', closed)
  }
}
