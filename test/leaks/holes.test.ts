import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import compression from 'compression'
import fc from 'fast-check'
import compress from 'koa-compress'
import type { AnyVisit } from 'smart-cache'
import { onExpress } from '../express/framework.js'
import { onKoa } from '../koa/framework.js'
import { decoded } from '../pages/decoded.js'
import type { App, Framework, Mount, Visit } from '../pages/framework.js'
import { frameworks, fronted } from '../pages/frameworks.js'
import type { Reply, Site } from '../pages/site.js'
import { runs } from './seed.js'

const QUICK = process.env['npm_lifecycle_event'] === 'test:quick'
/** How many pages are generated for each site, with so many requests each: 10,080 requests in all, or 2,560 where it has to be quick. */
const CASES = Number(process.env['HOLE_CASES'] ?? (QUICK ? 32 : 126))
const REQUESTS = 10

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

const cases = fc.record({
  parts: fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 5 }),
  kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 4, maxLength: 4 }),
  long: fc.nat(5).map(number => number === 0),
  masked: fc.boolean(),
  front: fc.boolean(),
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
type Case = typeof cases extends fc.Arbitrary<infer Played> ? Played : never

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

function answer(visit: Visit, played: Case): void {
  const [first = '', ...rest] = partsOf(played)
  const html = rest.reduce((text, part, at) => {
    const kind = played.kinds[at] ?? 'at once'
    return text + visit.cache.hole(kind, FILLERS[kind], { front: played.front }) + part
  }, first)
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
const places: Readonly<Record<string, (app: App, caching: Mount[], encoder: () => Mount) => void>> = {
  'and nobody else compresses': (app, caching) => app.use(...caching),
  'and middleware outside compresses': (app, caching, encoder) => app.use(encoder(), ...caching),
  'and middleware inside compresses': (app, caching, encoder) => app.use(...caching, encoder()),
}

/** Plays one page on a site; whoever asks gets what is in no other visitor’s answer. */
class Play {
  asked = 0
  hits = 0
  known = 0
  readonly #framework: Framework
  readonly #place: string
  readonly #played = new Map<string, Case>()
  readonly #sites = new Map<boolean, Site>()

  constructor(framework: Framework, place: string) {
    this.#framework = framework
    this.#place = place
  }

  async open(): Promise<void> {
    for (const masked of [false, true]) {
      const site = await this.#framework.site(app => {
        const caching = [app.smartCache(), app.cachePage({ ttl: '1h', maskedETag: masked })]
        places[this.#place]?.(app, caching, compressing[this.#framework.name] ?? (() => app.step(() => {})))
        app.handle(visit => {
          const played = this.#played.get(visit.request.url ?? '')
          if (played !== undefined) answer(visit, played)
        })
      })
      this.#sites.set(masked, site)
    }
  }

  async close(): Promise<void> {
    for (const site of this.#sites.values()) await site.close()
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

describe('Two visitors never see what fills each other’s holes', () => {
  const sites = [
    ...frameworks.flatMap(framework => Object.keys(places).map(place => ({ framework, place }))),
    ...fronted.map(framework => ({ framework, place: 'and nobody else compresses' })),
  ]
  for (const { framework, place } of sites) {
    describe(`on ${framework.name}, ${place}`, () => {
      const play = new Play(framework, place)
      before(() => play.open())
      after(() => play.close())

      it(`in ${CASES * REQUESTS} requests, alone or at once, compressed or not`, async () => {
        await fc.assert(
          fc.asyncProperty(cases, async played => play.run(played)),
          { ...runs(CASES), timeout: 60_000 },
        )
        expect(play.asked).to.be.at.least(CASES * REQUESTS)
        if (framework.name !== onExpress.name || place !== 'and middleware inside compresses') {
          expect(play.hits / play.asked).to.be.above(0.3)
          expect(play.known).to.be.above(0)
        }
      }).timeout(120_000)
    })
  }
})
