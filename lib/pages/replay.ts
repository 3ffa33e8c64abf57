import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { patiently } from '../time/patience.js'
import { Duplex } from 'node:stream'
import type { Exchange } from './exchange.js'

/** A request like another's, with nobody waiting for its response. */
export interface Replay {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** What middleware asks of a connection, copied from the visitor's: the address it came from, and whether it was encrypted. */
const CONNECTION = ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort', 'encrypted'] as const

/** What handlers ask of a connection, which nobody has to do here. */
const NOT_CONNECTED = Object.fromEntries(
  ['setTimeout', 'setNoDelay', 'setKeepAlive', 'ref', 'unref'].map(name => [
    name,
    function (this: Socket) {
      return this
    },
  ]),
)

/** Makes the visitor's request anew, as a GET of the whole page. What is answered is read at once and goes nowhere. */
export function replayOf<Visit>({ request: original, url }: Exchange<Visit>): Replay {
  const socket = new Duplex({ read: () => {}, write: (_chunk, _encoding, done) => done() }) as Socket
  Object.assign(socket, NOT_CONNECTED)
  for (const name of CONNECTION) {
    // Only a connection that is encrypted says anything of it.
    if (name in original.socket) Object.defineProperty(socket, name, { value: original.socket[name as keyof Socket] })
  }
  const request = new IncomingMessage(socket)
  const { httpVersion, httpVersionMajor, httpVersionMinor, headers, rawHeaders } = original
  Object.assign(request, {
    httpVersion,
    httpVersionMajor,
    httpVersionMinor,
    headers: { ...headers },
    rawHeaders: [...rawHeaders],
    url,
    method: 'GET',
  })
  request.push(null)
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  response.once('finish', () => {
    response.detachSocket(socket)
    socket.destroy()
    response.emit('close')
  })
  return { request, response }
}

/** Resolves when the response has closed, which it has in `ms` at the latest: who would wait for it for ever would be followed for ever. */
export async function endOf(response: ServerResponse, ms: number): Promise<void> {
  await patiently(new Promise(resolve => response.once('close', resolve)), ms)
  response.destroy()
}
