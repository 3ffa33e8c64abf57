import { connect, type Socket } from 'node:net'
import type { Site } from './site.js'

/** A visitor who reads when it is told to, and goes when it likes. */
export class SlowReader {
  readonly #socket: Socket
  readonly #ended: Promise<void>
  #text = ''

  constructor({ port }: Site, path = '/') {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`)
    this.#socket.setEncoding('latin1').on('error', () => undefined)
    this.#ended = new Promise(resolve => this.#socket.once('close', () => resolve()))
  }

  /** Reads until this has come, and then no further. */
  async readUntil(text: string): Promise<void> {
    while (!this.#text.includes(text)) {
      const chunk = this.#socket.read() as string | null
      if (chunk === null) await new Promise(resolve => this.#socket.once('readable', resolve))
      else this.#text += chunk
    }
  }

  /** Reads the rest. @returns all that has come */
  async readOn(): Promise<string> {
    this.#socket.on('data', (chunk: string) => (this.#text += chunk))
    this.#socket.resume()
    await this.#ended
    return this.#text
  }

  leave(): void {
    this.#socket.destroy()
  }
}
