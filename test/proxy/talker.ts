import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** One end of a connection, and what was heard there. */
export class Talker {
  readonly socket: Socket
  /** How the connection came to its end: `end` when the other side said so, else an error code. */
  readonly ending: Promise<string>
  heard = ''

  constructor(socket: Socket) {
    this.socket = socket
    socket.setEncoding('latin1').on('data', (text: string) => (this.heard += text))
    this.ending = new Promise(resolve => {
      socket.once('end', () => resolve('end'))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    })
  }

  say(text: string): void {
    this.socket.write(text)
  }

  /** Waits until this much was heard. */
  async hears(length: number): Promise<string> {
    while (this.heard.length < length) await once(this.socket, 'data')
    return this.heard
  }
}

/** Connects to a loopback port. What becomes of it shows in `ending`. */
export function talkTo(port: number): Talker {
  return new Talker(connect({ port, host: '127.0.0.1', noDelay: true }))
}
