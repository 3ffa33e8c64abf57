import type { Socket } from 'node:net'

/** Ends a connection without a word, by a reset where there can be one. */
export function reset(socket: Socket): void {
  // A reset of what is not connected yet would wait for the connection, and one of what is just saying its end would never be over.
  if (socket.connecting || (socket.writableEnded && !socket.writableFinished)) socket.destroy()
  else socket.resetAndDestroy()
}
