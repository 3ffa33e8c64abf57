import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { Connection } from './connection.js'
import type { Direction, Fault } from './fault.js'
import { Traffic } from './traffic.js'
import type { Counts } from './traffic.js'

export type { Counts } from './traffic.js'
export type { Direction } from './fault.js'

export interface FaultProxyOptions {
  /** The server's port. */
  readonly port: number
  /**
   * The server's address.
   * @default '127.0.0.1'
   */
  readonly host?: string
}

/**
 * A TCP proxy on a free loopback port that misbehaves when told to. It begins by passing everything on.
 * @example
 * const proxy = await startFaultProxy({ port: redis.port })
 * const client = new Redis({ host: '127.0.0.1', port: proxy.port })
 * proxy.drop('toClient') // commands arrive, answers do not
 * proxy.pass() // now they do
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { port, host = '127.0.0.1' } = options
  const listener = createServer({ allowHalfOpen: true, noDelay: true })
  const proxy = new FaultProxy(listener, () => connect({ port, host, allowHalfOpen: true, noDelay: true }))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  return proxy
}

/**
 * Each direction has one fault at a time, for the connections there are and for those to come; without a direction, both get it.
 * The stream that a receiver sees may be late or end early, but never lacks a part in its middle: TCP gives no such thing.
 */
export class FaultProxy {
  readonly #listener: Server
  readonly #reachServer: () => Socket
  readonly #connections = new Set<Connection>()
  readonly #traffic = new Traffic()
  readonly #faults: Record<Direction, Fault> = { toServer: { mode: 'pass' }, toClient: { mode: 'pass' } }
  #refusing = false

  constructor(listener: Server, reachServer: () => Socket) {
    this.#listener = listener
    this.#reachServer = reachServer
    listener.on('connection', client => this.#connected(client))
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port
  }

  get counts(): Counts {
    return this.#traffic.counts
  }

  /** Waits until the counts are as asked: `proxy.when(counts => counts.toServer.received > 0)`. */
  when(test: (counts: Counts) => boolean): Promise<void> {
    return this.#traffic.when(test)
  }

  /** Ends the fault: what was held goes on at once. Without a direction, new connections are accepted again too. */
  pass(direction?: Direction): void {
    if (direction === undefined) this.#refusing = false
    this.#set({ mode: 'pass' }, direction)
  }

  /** Everything goes on `ms` after it came, in order. */
  delay(ms: number, direction?: Direction): void {
    this.#set({ mode: 'delay', ms }, direction)
  }

  /**
   * A black hole: connections stay open, and can be made, but nothing goes on, not even an end or a reset. The bytes are not lost until their
   * connection is: as with packets that TCP sends again, they go on when the fault ends. For bytes that never come, call `cut` before `pass`.
   */
  drop(direction?: Direction): void {
    this.#set({ mode: 'drop' }, direction)
  }

  /**
   * On each connection `bytes` more go on; in place of the next one the connection is lost. The receiver sees its end in the middle of what was
   * sent, the sender a reset. With 0, the server has done what was asked and the client never hears of it.
   */
  cutAfter(bytes: number, direction: Direction = 'toClient'): void {
    this.#set({ mode: 'cutAfter', bytes }, direction)
  }

  /**
   * Resets all connections there are; what was held is lost. New ones can be made. With a direction, only that direction ends, without a reset, and the
   * other goes on.
   */
  cut(direction?: Direction): void {
    for (const connection of this.#connections) {
      if (direction === undefined) connection.cut()
      else connection.end(direction)
    }
  }

  /** Connections there are go on; new ones are reset as soon as they are made: clients see ECONNRESET, not ECONNREFUSED. */
  refuse(): void {
    this.#refusing = true
  }

  /** Resets all connections and gives the port back. */
  async close(): Promise<void> {
    if (!this.#listener.listening) return
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    this.cut()
    await closed
    await Promise.all([...this.#connections].map(connection => connection.closed))
  }

  #set(fault: Fault, only: Direction | undefined): void {
    const directions: readonly Direction[] = only === undefined ? ['toServer', 'toClient'] : [only]
    for (const direction of directions) {
      this.#faults[direction] = fault
      for (const connection of this.#connections) connection.set(direction, fault)
    }
  }

  #connected(client: Socket): void {
    this.counts.connected++
    if (this.#refusing) {
      this.counts.refused++
      client.resetAndDestroy()
    } else void this.#serve(new Connection(client, this.#reachServer(), this.#faults, this.#traffic))
    this.#traffic.changed()
  }

  async #serve(connection: Connection): Promise<void> {
    this.#connections.add(connection)
    this.counts.open++
    await connection.closed
    this.#connections.delete(connection)
    this.counts.open--
    this.#traffic.changed()
  }
}
