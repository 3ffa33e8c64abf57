import type { Socket } from 'node:net'
import { bytesLeft, holdMs } from './fault.js'
import type { Fault } from './fault.js'
import { reset } from './reset.js'

/** Held bytes above which no more is read: the sender then feels it, as it would from a real network. */
const ROOM = 65_536

interface Held {
  readonly what: Buffer | 'end' | 'reset'
  readonly arrivedAt: number
}

export interface LaneEvents {
  received(bytes: number): void
  forwarded(bytes: number): void
  /** The number of bytes after which the connection is to be cut has gone on. */
  spent(): void
}

/** One direction of one connection. Bytes, the end and a reset keep their order, whatever the fault is or was. */
export class Lane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #events: LaneEvents
  readonly #held: Held[] = []
  #heldBytes = 0
  #holdMs = 0
  #left = Infinity
  #over = false
  #timer: NodeJS.Timeout | undefined

  constructor(from: Socket, to: Socket, fault: Fault, events: LaneEvents) {
    this.#from = from
    this.#to = to
    this.#events = events
    from.on('data', (chunk: Buffer) => this.#receive(chunk))
    from.on('end', () => this.#hold('end'))
    from.on('close', failed => failed && this.#hold('reset'))
    to.on('drain', () => this.#pump())
    to.on('close', () => this.close())
    this.set(fault)
  }

  /** Counts for what is held already, too: it goes on at once when the new fault lets it. */
  set(fault: Fault): void {
    this.#holdMs = holdMs(fault)
    this.#left = bytesLeft(fault)
    this.#pump()
  }

  /** Tells the receiver that nothing more will come. What is held, and what comes later, is lost. */
  end(): void {
    this.close()
    this.#to.end()
  }

  /** Lets nothing more through. What is held, and what comes later, is lost. */
  close(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#held.length = 0
    this.#heldBytes = 0
    this.#from.resume()
  }

  #receive(chunk: Buffer): void {
    if (!this.#over) this.#heldBytes += chunk.length
    this.#hold(chunk)
    this.#events.received(chunk.length)
  }

  #hold(what: Held['what']): void {
    if (this.#over) return
    this.#held.push({ what, arrivedAt: performance.now() })
    this.#pump()
  }

  #pump(): void {
    clearTimeout(this.#timer)
    let next = this.#held[0]
    while (next !== undefined && !this.#to.writableNeedDrain && this.#waitMs(next) <= 0) {
      this.#held.shift()
      this.#forward(next.what)
      next = this.#held[0]
    }
    if (next !== undefined && this.#waitMs(next) < Infinity) this.#timer = setTimeout(() => this.#pump(), this.#waitMs(next))
    if (this.#heldBytes > ROOM) this.#from.pause()
    else this.#from.resume()
  }

  #waitMs(held: Held): number {
    return held.arrivedAt + this.#holdMs - performance.now()
  }

  #forward(what: Held['what']): void {
    if (what === 'end') this.#to.end()
    else if (what === 'reset') reset(this.#to)
    else this.#write(what)
  }

  #write(chunk: Buffer): void {
    this.#heldBytes -= chunk.length
    const part = chunk.subarray(0, Math.min(chunk.length, this.#left))
    this.#left -= part.length
    this.#to.write(part)
    this.#events.forwarded(part.length)
    if (part.length === chunk.length) return
    this.close()
    this.#events.spent()
  }
}
