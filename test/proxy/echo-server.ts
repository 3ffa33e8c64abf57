import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Talker } from './talker.js'

/** Starts a server that says everything again. */
export async function startEchoServer(): Promise<EchoServer> {
  const listener = createServer()
  const server = new EchoServer(listener)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return server
}

export class EchoServer {
  readonly #listener: Server
  readonly #talkers: Talker[] = []

  constructor(listener: Server) {
    this.#listener = listener
    listener.on('connection', socket => {
      this.#talkers.push(new Talker(socket))
      socket.on('data', (text: string) => socket.write(text, 'latin1'))
    })
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port
  }

  /** The server's end of the next connection. */
  async accepts(): Promise<Talker> {
    const [socket] = (await once(this.#listener, 'connection')) as [Socket]
    const talker = this.#talkers.find(candidate => candidate.socket === socket)
    if (talker === undefined) throw new Error('A connection that nobody listens to')
    return talker
  }

  async close(): Promise<void> {
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    for (const { socket } of this.#talkers) socket.destroy()
    await closed
  }
}
