/** One of the two ways that bytes travel through the proxy. */
export type Direction = 'toServer' | 'toClient'

/** What happens to the bytes that travel in one direction. */
export type Fault =
  | { readonly mode: 'pass' }
  | { readonly mode: 'delay'; readonly ms: number }
  | { readonly mode: 'drop' }
  | { readonly mode: 'cutAfter'; readonly bytes: number }

/** How long what has come in is held before it goes on, in ms. */
export function holdMs(fault: Fault): number {
  if (fault.mode === 'drop') return Infinity
  return fault.mode === 'delay' ? fault.ms : 0
}

/** How many more bytes may go on before the connection is cut. */
export function bytesLeft(fault: Fault): number {
  return fault.mode === 'cutAfter' ? fault.bytes : Infinity
}
