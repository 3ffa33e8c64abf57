import type { Socket } from 'node:net'
import type { Direction, Fault } from './fault.js'
import { Lane } from './lane.js'
import { reset } from './reset.js'
import type { Traffic } from './traffic.js'

/** One client's connection, with the proxy's own connection to the server behind it. */
export class Connection {
  /** Resolves when both ends are closed. */
  readonly closed: Promise<unknown>
  readonly #client: Socket
  readonly #server: Socket
  readonly #traffic: Traffic
  readonly #lanes: Readonly<Record<Direction, Lane>>
  #cut = false

  constructor(client: Socket, server: Socket, faults: Readonly<Record<Direction, Fault>>, traffic: Traffic) {
    this.#client = client
    this.#server = server
    this.#traffic = traffic
    this.closed = Promise.all([closed(client), closed(server)])
    this.#lanes = { toServer: this.#lane('toServer', faults.toServer), toClient: this.#lane('toClient', faults.toClient) }
  }

  set(direction: Direction, fault: Fault): void {
    this.#lanes[direction].set(fault)
  }

  /** Resets both ends. */
  cut(): void {
    this.#count()
    for (const socket of [this.#client, this.#server]) reset(socket)
  }

  /** Ends one direction; the other stays open. */
  end(direction: Direction): void {
    this.#count()
    this.#lanes[direction].end()
  }

  #lane(direction: Direction, fault: Fault): Lane {
    const [from, to] = direction === 'toServer' ? [this.#client, this.#server] : [this.#server, this.#client]
    const bytes = this.#traffic.counts[direction]
    const count = (what: keyof typeof bytes, by: number): void => {
      bytes[what] += by
      this.#traffic.changed()
    }
    return new Lane(from, to, fault, {
      received: by => count('received', by),
      forwarded: by => count('forwarded', by),
      spent: () => {
        this.#count()
        reset(from)
        // Not a reset: that could overtake the bytes that were let through.
        to.destroySoon()
      },
    })
  }

  #count(): void {
    if (this.#cut) return
    this.#cut = true
    this.#traffic.counts.cut++
    this.#traffic.changed()
  }
}

/** Resolves when a socket is closed. Its errors say no more than its `close` event does, which the lanes hear. */
async function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined)
  await new Promise(resolve => socket.once('close', resolve))
}
