import { Agent, createServer, request as httpRequest, type OutgoingHttpHeaders, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCache, type Cache, type CacheEvents, type Store } from 'smart-cache'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import request, { type Test } from 'supertest'
import type { Ground, SiteSettings } from './framework.js'

/** A response to the last byte, with its header fields as they were on the wire. */
export interface Reply {
  readonly status: number
  readonly message: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  readonly text: string
  /** `Cache-Status` without its first words, nor what it says of the answer's being stored: `'hit; ttl=60'`. */
  readonly outcome: string
}

export interface Question {
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

export type Announced = { [Name in keyof CacheEvents]: { readonly signal: Name } & CacheEvents[Name] }[keyof CacheEvents]

const SIGNALS = ['hit', 'miss', 'stale', 'fill', 'refuse', 'purge', 'shadow', 'evict', 'error'] as const

const open = new Set<Site>()

/** A store that takes its time, and can tell when nothing is on its way there. */
export interface StandingGround {
  readonly store: Store
  settled(): Promise<void>
}

/** Where sites keep their pages that say nothing of it: each in a part of its own, or in memory. */
let ground: StandingGround | undefined
let parts = 0

export function standOn(given: StandingGround | undefined): void {
  ground = given
}

/** Closes the sites that the test has opened. */
export async function closeSites(): Promise<void> {
  await Promise.all(Array.from(open, site => site.close()))
}

/** A listening application with its cache, its clock, and all that is known of what went on. */
export class Site implements Ground {
  readonly clock: FakeClock = fakeClock()
  readonly cache: Cache
  readonly proxy: boolean
  readonly announced: Announced[] = []
  /** What reached the framework as an error. */
  readonly errors: unknown[] = []
  /** How often a handler has run. */
  runs = 0
  /** How many requests have come in. */
  asked = 0
  readonly #agent = new Agent({ keepAlive: true })
  #server: Server | undefined

  constructor({ store, proxy = false }: SiteSettings = {}) {
    const place = ground === undefined ? {} : { store: ground.store, namespace: `site-${parts++}` }
    this.cache = createCache({ clock: this.clock, ...(store === undefined ? place : { store }) })
    this.proxy = proxy
    for (const signal of SIGNALS) this.cache.on(signal, event => this.announced.push({ signal, ...event } as Announced))
  }

  ran(): void {
    this.runs++
  }

  failed(error: unknown): void {
    this.errors.push(error)
  }

  /** @param serve makes a server of the listener */
  async listen(listener: RequestListener, serve: (listener: RequestListener) => Server = createServer): Promise<this> {
    const server = serve(listener).prependListener('request', () => this.asked++)
    if (ground !== undefined) askWhenSettled(server, ground)
    this.#server = server
    open.add(this)
    // Room for all who come at once: whom the kernel turns away for now tries again only after a second.
    await new Promise<void>(resolve => server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve))
    return this
  }

  get server(): Server {
    if (this.#server === undefined) throw new Error('The site does not listen yet')
    return this.#server
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    open.delete(this)
    this.#agent.destroy()
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }

  /** Has every visitor go. */
  leaveAll(): void {
    this.#agent.destroy()
  }

  get(path: string): Test {
    return request(this.server).get(path)
  }

  post(path: string): Test {
    return request(this.server).post(path)
  }

  put(path: string): Test {
    return request(this.server).put(path)
  }

  /** Asks without politeness: nothing is added to the request, nothing taken from the response. */
  async ask(question: Question | string = {}): Promise<Reply> {
    const reply = await this.#reply(question)
    await ground?.settled()
    return reply
  }

  #reply(question: Question | string): Promise<Reply> {
    const { method = 'GET', path = '/', headers = {}, body } = typeof question === 'string' ? { path: question } : question
    return new Promise((resolve, reject) => {
      const asked = httpRequest({ port: this.port, host: '127.0.0.1', agent: this.#agent, method, path, headers }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const bytes = Buffer.concat(chunks)
          const status = response.headers['cache-status'] ?? ''
          resolve({
            status: response.statusCode ?? 0,
            message: response.statusMessage ?? '',
            headers: response.headers as Reply['headers'],
            fields: pairs(response.rawHeaders),
            body: bytes,
            text: bytes.toString(),
            outcome: String(status).replace('smart-cache; ', '').replace('; stored', ''),
          })
        })
      })
      asked.on('error', reject)
      asked.end(body)
    })
  }

  /** Waits until so many requests have come in and gone as far as they can. */
  async arrivals(count: number): Promise<void> {
    await this.eventually(() => this.asked >= count)
    await new Promise(resolve => setImmediate(resolve))
  }

  /** Waits for something that comes about by itself, turn by turn of the event loop; a test that waits in vain ends by mocha's timeout. */
  async eventually(come: () => boolean): Promise<void> {
    while (!come()) {
      if (!open.has(this)) throw new Error('The site was closed before it came about')
      await new Promise(resolve => setImmediate(resolve))
    }
  }

  /** What was announced under these names, in order. */
  heard<Name extends keyof CacheEvents>(signal: Name): readonly (Announced & { readonly signal: Name })[] {
    return this.announced.filter((event): event is Announced & { readonly signal: Name } => event.signal === signal)
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? '', flat[2 * at + 1] ?? ''])
}

/** Nobody is asked anything before the store has what was kept for those who asked before. */
function askWhenSettled(server: Server, ground: StandingGround): void {
  const listeners = server.listeners('request')
  server.removeAllListeners('request')
  server.on('request', (...exchange) => {
    void ground.settled().then(() => {
      for (const listen of listeners) Reflect.apply(listen, server, exchange)
    })
  })
}
