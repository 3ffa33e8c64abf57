import { gate } from '../../lib/testing/gate.js'
import type { Gate } from '../../lib/testing/gate.js'
import type { Direction } from './fault.js'

/** Bytes of one direction, since the proxy was started. What is received and not forwarded is held, or was lost with its connection. */
export interface Bytes {
  received: number
  forwarded: number
}

export interface Counts extends Readonly<Record<Direction, Bytes>> {
  /** Connections that clients made, the refused ones too. */
  connected: number
  refused: number
  /** Connections that the proxy itself has reset or half closed, refused ones not counted. */
  cut: number
  /** Connections of which at least one end is still open. */
  open: number
}

/** What the proxy has seen, and a way to wait until it has seen enough. */
export class Traffic {
  readonly counts: Counts = { connected: 0, refused: 0, cut: 0, open: 0, toServer: noBytes(), toClient: noBytes() }
  readonly #waiting = new Set<{ readonly test: (counts: Counts) => boolean; readonly met: Gate<void> }>()

  /** To be called after every change of the counts. */
  changed(): void {
    for (const waiter of this.#waiting) {
      if (!waiter.test(this.counts)) continue
      this.#waiting.delete(waiter)
      waiter.met.open()
    }
  }

  async when(test: (counts: Counts) => boolean): Promise<void> {
    if (test(this.counts)) return
    const met = gate()
    this.#waiting.add({ test, met })
    await met
  }
}

function noBytes(): Bytes {
  return { received: 0, forwarded: 0 }
}
