import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

/** What a server that is reading its data in says of itself, and to every question but that. */
const INFO = 'loading:1\r\nloading_eta_seconds:1\r\n'
const REFUSAL = '-LOADING Redis is loading the dataset in memory\r\n'

/** Stands before a Redis, and can make believe that it is still reading its data in. */
export class LoadingDoor {
  readonly #listener: Server
  readonly #sockets = new Set<Socket>()
  #loading = false

  constructor(port: number) {
    this.#listener = createServer({ noDelay: true }, client => this.#serve(client, port))
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port
  }

  async open(): Promise<this> {
    this.#listener.listen(0, '127.0.0.1')
    await once(this.#listener, 'listening')
    return this
  }

  /** As if the server had been started anew: connections are lost, and those to come are told that it is loading. */
  load(): void {
    this.#loading = true
    for (const socket of this.#sockets) socket.destroy()
  }

  /** The data is there: connections that were told to wait go on. */
  loaded(): void {
    this.#loading = false
  }

  async close(): Promise<void> {
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #serve(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', noDelay: true })
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#sockets.delete(socket)
        other.destroy()
      })
    }
    server.pipe(client)
    client.on('data', (chunk: Buffer) => {
      if (!this.#loading) server.write(chunk)
      else for (const name of commandsIn(chunk)) client.write(name === 'info' ? `$${INFO.length}\r\n${INFO}\r\n` : REFUSAL)
    })
  }
}

/** The names of the commands in what a client sent; clients send each in one piece. */
function commandsIn(chunk: Buffer): readonly string[] {
  return [...chunk.toString('latin1').matchAll(/\*\d+\r\n\$\d+\r\n([a-z]+)\r\n/gi)].map(([, name = '']) => name.toLowerCase())
}
