import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** What visitors ask, and what they must get. */
export interface Errand {
  /** The bytes of one request. */
  readonly request: Buffer
  readonly status: number
  /** Bytes of body in a response. */
  readonly length: number
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CLOSED = 'The server closed a connection'
const READ_BYTES = 16_384

/**
 * One connection that asks again as soon as it was answered. It shares the machine with the server that is measured, so it does far less
 * than an HTTP client: of a response it reads the status, and counts the bytes.
 */
export class Visitor {
  readonly #socket: Socket
  readonly #errand: Errand
  readonly #buffer = Buffer.alloc(READ_BYTES)
  #missing = 0
  #answers = 0
  #until = 0
  #done: ((answers: number) => void) | undefined
  #failed: ((error: unknown) => void) | undefined

  private constructor(port: number, errand: Errand) {
    this.#errand = errand
    const onread = { buffer: this.#buffer, callback: (bytes: number) => this.#read(bytes) }
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread })
    this.#socket.on('error', error => this.#failed?.(error))
    this.#socket.on('close', () => this.#failed?.(new Error(CLOSED)))
  }

  static async arrive(port: number, errand: Errand): Promise<Visitor> {
    const visitor = new Visitor(port, errand)
    await once(visitor.#socket, 'connect')
    return visitor
  }

  /** Asks until the instant `end` of `performance.now()`. @returns how many answers came */
  askUntil(end: number): Promise<number> {
    this.#until = end
    this.#answers = 0
    return new Promise((resolve, reject) => {
      this.#done = resolve
      this.#failed = reject
      if (this.#socket.destroyed) reject(new Error(CLOSED))
      else this.#ask()
    })
  }

  leave(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  #ask(): void {
    this.#socket.write(this.#errand.request)
  }

  #read(bytes: number): boolean {
    this.#missing = this.#missing === 0 ? this.#begin(bytes) : this.#missing - bytes
    if (this.#missing === 0) this.#answered()
    else if (Number.isNaN(this.#missing) || this.#missing < 0) this.#failed?.(new Error('A response was not the one expected'))
    return true
  }

  /** @returns how many bytes of the response are still to come; NaN for another response than the one expected */
  #begin(bytes: number): number {
    const headEnd = this.#buffer.indexOf(HEAD_END) + HEAD_END.length
    const expected = headEnd <= bytes && this.#buffer.toString('latin1', 9, 12) === String(this.#errand.status)
    return expected ? headEnd + this.#errand.length - bytes : NaN
  }

  #answered(): void {
    this.#answers++
    if (performance.now() < this.#until) this.#ask()
    else this.#done?.(this.#answers)
  }
}
