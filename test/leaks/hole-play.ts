import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import compression from 'compression'
import fc from 'fast-check'
import compress from 'koa-compress'
import type { AnyVisit, Store } from 'smart-cache'
import { onExpress } from '../express/framework.js'
import { onKoa } from '../koa/framework.js'
import { decoded } from '../pages/decoded.js'
import type { App, Framework, Mount, Visit } from '../pages/framework.js'
import type { Reply, Site } from '../pages/site.js'

/** So often each page is asked for. */
export const REQUESTS = 10

const FILLERS = {
  'at once': ({ headers }: AnyVisit) => `[at once ${String(headers['x-visitor'])}]`,
  'in time': async ({ headers }: AnyVisit) => {
    const whose = String(headers['x-visitor'])
    await turn()
    return `[in time ${whose}]`
  },
  'as bytes': ({ headers }: AnyVisit) => Buffer.from(`[as bytes ${String(headers['x-visitor'])}]`),
  'not at all': async (_visit: AnyVisit) => Promise.reject(new Error('not at all')),
}
type Kind = keyof typeof FILLERS

const KINDS = Object.keys(FILLERS) as readonly Kind[]
const STYLES = ['text', 'bytes', 'stream', 'written'] as const

/** A page, and who asks for it. */
export const cases = fc.record({
  parts: fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 5 }),
  kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 4, maxLength: 4 }),
  long: fc.nat(5).map(number => number === 0),
  masked: fc.boolean(),
  front: fc.boolean(),
  /** Which of its parts lie in a fragment. */
  kept: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  style: fc.constantFrom(...STYLES),
  atOnce: fc.boolean(),
  asked: fc.array(
    fc.record({
      visitor: fc.constantFrom(0, 1),
      method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
      accepts: fc.constantFrom('', 'gzip', 'br, gzip', 'gzip;q=0'),
      knows: fc.boolean(),
    }),
    { minLength: REQUESTS, maxLength: REQUESTS },
  ),
})
export type Case = typeof cases extends fc.Arbitrary<infer Played> ? Played : never

/** What stands between the holes of a page. */
function partsOf({ parts, long }: Case): readonly string[] {
  return parts.map(part => (long ? `${part} `.repeat(100) : part))
}

function expected(played: Case, visitor: string): string {
  const [first = '', ...rest] = partsOf(played)
  return rest.reduce((text, part, at) => {
    const kind = played.kinds[at] ?? 'at once'
    return `${text}${kind === 'not at all' ? '' : `[${kind} ${visitor}]`}${part}`
  }, first)
}

async function answer(visit: Visit, played: Case, path: string): Promise<void> {
  const [first = '', ...rest] = partsOf(played)
  const pieces = rest.map(async (part, at) => {
    const kind = played.kinds[at] ?? 'at once'
    const piece = () => visit.cache.hole(kind, FILLERS[kind], { front: played.front }) + part
    return played.kept[at] === true ? visit.cache.cache.fragment('piece', { vary: [path, at] }, piece) : piece()
  })
  const html = [first, ...(await Promise.all(pieces))].join('')
  const bytes = Buffer.from(html)
  const halves = [bytes.subarray(0, bytes.length / 2), bytes.subarray(bytes.length / 2)]
  visit.set('Content-Type', 'text/html; charset=utf-8')
  if (played.style === 'text') visit.send(html)
  else if (played.style === 'bytes') visit.send(bytes)
  else if (played.style === 'stream') visit.stream(Readable.from(halves))
  else {
    const response = visit.raw()
    for (const half of halves) response.write(half)
    response.end()
  }
}

const compressing: Readonly<Record<string, () => Mount>> = {
  [onExpress.name]: () => ({ middleware: compression({ threshold: 0 }) }),
  [onKoa.name]: () => ({ middleware: compress({ threshold: 0 }) }),
}
/** Where it is that somebody compresses. */
export const places: Readonly<Record<string, (app: App, caching: Mount[], encoder: () => Mount) => void>> = {
  'and nobody else compresses': (app, caching) => app.use(...caching),
  'and middleware outside compresses': (app, caching, encoder) => app.use(encoder(), ...caching),
  'and middleware inside compresses': (app, caching, encoder) => app.use(...caching, encoder()),
}

/** Plays one page on a site; whoever asks gets what is in no other visitor’s answer. */
export class Play {
  asked = 0
  hits = 0
  known = 0
  readonly #framework: Framework
  readonly #place: string
  readonly #storeFor: () => Promise<Store | undefined>
  readonly #played = new Map<string, Case>()
  readonly #sites = new Map<boolean, Site>()

  constructor(framework: Framework, place: string, storeFor = async (): Promise<Store | undefined> => undefined) {
    this.#framework = framework
    this.#place = place
    this.#storeFor = storeFor
  }

  async open(): Promise<void> {
    for (const masked of [false, true]) {
      const store = await this.#storeFor()
      const site = await this.#framework.site(app => {
        const caching = [app.smartCache(), app.cachePage({ ttl: '1h', maskedETag: masked })]
        places[this.#place]?.(app, caching, compressing[this.#framework.name] ?? (() => app.step(() => {})))
        app.handle(visit => {
          const path = visit.request.url ?? ''
          const played = this.#played.get(path)
          return played && answer(visit, played, path)
        })
      }, store && { store })
      this.#sites.set(masked, site)
    }
  }

  async close(): Promise<void> {
    for (const site of this.#sites.values()) {
      await site.close()
      await site.cache.close()
    }
  }

  async run(played: Case): Promise<void> {
    const path = `/${this.#played.size}`
    this.#played.set(path, played)
    let etag: string | undefined
    const ask = async ({ visitor, method, accepts, knows }: Case['asked'][number]) => {
      const name = `${path}.${visitor}.${this.asked++}`
      const headers = { 'X-Visitor': name, 'Accept-Encoding': accepts, ...(knows && etag !== undefined ? { 'If-None-Match': etag } : {}) }
      const reply = await this.#site(played).ask({ method, path, headers })
      etag = reply.headers['etag']
      this.#judge(reply, method, expected(played, name))
    }
    if (played.atOnce) await Promise.all(played.asked.map(ask))
    else for (const one of played.asked) await ask(one)
  }

  #site({ masked }: Case): Site {
    const site = this.#sites.get(masked)
    if (site === undefined) throw new Error('The play is not open')
    return site
  }

  #judge(reply: Reply, method: string, text: string): void {
    if (reply.outcome.startsWith('hit')) this.hits++
    if (reply.status === 304) this.known++
    if (method === 'HEAD' || reply.status === 304) expect(reply.body.length).to.equal(0)
    else expect([reply.status, decoded(reply)]).to.deep.equal([200, text])
  }
}
