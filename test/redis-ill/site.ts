import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'
import { createCache, type Cache } from 'smart-cache'
import { redisStore, type RedisStoreClient } from 'smart-cache/redis'
import type { ReadRecord, WriteRecord } from '../coherence/history.js'
import type { RunningClock } from './running-clock.js'

/** How long the handler takes. */
export const HANDLER_MS = 20

/** What all sites show: rows with a version, and what was seen and done to them. */
export class Origin {
  readonly #versions = new Map<number, number>()
  readonly reads: ReadRecord[] = []
  readonly writes: WriteRecord[] = []

  version(row: number): number {
    return this.#versions.get(row) ?? 1
  }

  write(row: number): number {
    const version = this.version(row) + 1
    this.#versions.set(row, version)
    return version
  }
}

export interface Answer {
  /** How long it took, on the running clock. */
  readonly ms: number
  readonly version: number
  readonly from: ReadRecord['from']
}

/** What a site needs of its client besides. */
export interface SiteClient extends RedisStoreClient {
  on(event: 'error', listener: () => void): unknown
  disconnect(): void
}

/** One process of a site: an application over a cache over a client of its own. */
export class Site {
  readonly client: SiteClient
  readonly cache: Cache
  readonly #origin: Origin
  readonly #clock: RunningClock
  readonly #server: Server

  constructor(client: SiteClient, origin: Origin, clock: RunningClock) {
    this.#origin = origin
    this.#clock = clock
    this.client = client
    this.client.on('error', () => undefined)
    this.cache = createCache({ store: redisStore({ client: this.client }) })
    const app = express()
    app.get('/:row', async (request, response) => {
      const row = Number(request.params.row)
      let from: Answer['from'] = 'cache'
      const load = async () => {
        from = 'origin'
        const version = origin.version(row)
        await wait(HANDLER_MS)
        return version
      }
      const version = await this.cache.getOrSet(`row:${row}`, load, { ttl: '10m', tags: [`row:${row}`, 'rows'] })
      response.json({ version, from })
    })
    this.#server = app.listen(0, '127.0.0.1')
  }

  async ask(row: number): Promise<Answer> {
    if (!this.#server.listening) await once(this.#server, 'listening')
    const [startedAt, from] = [performance.now(), this.#clock.now()]
    const response = await fetch(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${row}`)
    const answer = (await response.json()) as Pick<Answer, 'version' | 'from'>
    this.#origin.reads.push({ row, startedAt, ...answer })
    return { ms: this.#clock.now() - from, ...answer }
  }

  /** A write to the row, and its invalidation. @returns what became of that */
  async write(row: number): Promise<{ readonly outcome: 'takes effect' | 'rejects'; readonly error?: unknown }> {
    const version = this.#origin.write(row)
    const committedAt = performance.now()
    try {
      await this.cache.invalidate(`row:${row}`)
    } catch (error) {
      return { outcome: 'rejects', error }
    }
    this.#origin.writes.push({ row, version, committedAt, resolvedAt: performance.now() })
    return { outcome: 'takes effect' }
  }

  /** Asks for the row again and again until the answer comes from the cache. @returns how long that took, or `ms` if it takes longer */
  async untilHit(row: number, ms = Infinity): Promise<number> {
    const startedAt = this.#clock.now()
    for (;;) {
      const { from } = await this.ask(row)
      const passed = this.#clock.now() - startedAt
      if (from === 'cache' || passed >= ms) return Math.min(passed, ms)
      await wait(10)
    }
  }

  async close(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    await this.cache.close()
    this.client.disconnect()
  }
}
