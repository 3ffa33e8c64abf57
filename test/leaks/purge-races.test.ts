import { expect } from 'chai'
import fc from 'fast-check'
import type { RequestListener } from 'node:http'
import { memoryStore, type Store, type Target } from 'smart-cache'
import { describePages } from '../pages/frameworks.js'
import type { Policy, Visit } from '../pages/framework.js'
import { Site } from '../pages/site.js'
import { slowStore } from '../stores/slow-store.js'
import { runs } from './seed.js'

/** How often other work gets its turn before something goes on. A request is some turns on its way to its handler. */
const turns = fc.oneof(fc.nat(4), fc.nat(25))

/** A handler that takes its time is overtaken by requests and purges. */
const slowly = fc.oneof(fc.nat(4), fc.nat(60))

const path = fc.constantFrom('/', '/', '/', '/?a=1', '/other')

const target: fc.Arbitrary<Target> = fc.constantFrom<Target>(
  'page',
  ['said', 'other'],
  'said',
  'said',
  { url: '/' },
  { url: '/?a=1' },
  { prefix: 'x' },
)

const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      path,
      visitor: fc.nat(2),
      method: fc.constantFrom('GET', 'GET', 'HEAD'),
      /** How the handler gets on, should it run. */
      reading: turns,
      sending: slowly,
      fails: fc.constantFrom(false, false, false, true),
      style: fc.constantFrom('whole', 'parts'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), target }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rest' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 61, 200) }) },
)

const policy: fc.Arbitrary<Policy> = fc.record(
  {
    grace: fc.constantFrom('2m', '10m'),
    staleIfError: fc.constantFrom('2m', '10m'),
    vary: fc.constantFrom({ headers: ['X-Visitor'] }, { query: ['a'] }),
  },
  { requiredKeys: [] },
)

const play = fc.record({
  policy: policy.map(given => ({ ttl: '1m' as const, tags: ['page'], ...given })),
  twice: fc.boolean(),
  varies: fc.boolean(),
  actions: fc.array(fc.record({ action, before: turns }), { minLength: 6, maxLength: 25 }),
})

async function pass(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve))
}

const stores: Readonly<Record<string, () => Store>> = {
  memory: memoryStore,
  'a store behind a wire': () => slowStore(() => pass(1)),
}

/** What was written, and what of it has been purged: nobody who asks from then on may be given older. */
class Board {
  version = 0
  readonly #purged = new Map<string, number>()

  /** The oldest version that whoever asks for the path now may get. */
  oldest(asked: string): number {
    return this.#purged.get(asked) ?? 0
  }

  async write(site: Site, what: Target, paths: readonly string[]): Promise<void> {
    this.version++
    const { version } = this
    await site.cache.invalidate(what)
    this.#note(paths, version)
  }

  async clear(site: Site): Promise<void> {
    this.version++
    const { version } = this
    await site.cache.clear()
    this.#note(PATHS, version)
  }

  #note(paths: readonly string[], version: number): void {
    for (const each of paths) this.#purged.set(each, Math.max(version, this.#purged.get(each) ?? 0))
  }
}

const PATHS = ['/', '/?a=1', '/other']

const LAST: Omit<Ask, 'path'> = { kind: 'ask', visitor: 0, method: 'GET', reading: 0, sending: 0, fails: false, style: 'whole' }

function pathsOf(what: Target): readonly string[] {
  if (typeof what === 'object' && 'url' in what) return [what.url]
  if (typeof what === 'object' && 'prefix' in what) return []
  return PATHS
}

describePages('Whoever asks after a purge has resolved', framework => {
  for (const [name, storeOf] of Object.entries(stores)) {
    it(`is given nothing older, whatever was under way: ${name}`, async () => {
      let handler: (visit: Visit) => Promise<void> = async () => undefined
      let listener: RequestListener = () => undefined
      const site = new Site({ store: storeOf() })
      await site.listen((request, response) => listener(request, response))
      const property = fc.asyncProperty(play, async ({ policy: given, twice, varies, actions }) => {
        const board = new Board()
        await site.cache.clear()
        handler = async visit => {
          const { 'x-reading': reading, 'x-sending': sending, 'x-fails': fails, 'x-parts': parts } = visit.request.headers
          await pass(Number(reading))
          const text = `version ${board.version}`
          await pass(Number(sending))
          visit.cache.tag('said')
          if (fails !== undefined) throw new Error('failed')
          if (varies) visit.set('Vary', 'X-Visitor')
          if (parts === undefined) return visit.send(text)
          const raw = visit.raw()
          raw.write(text.slice(0, 4))
          await pass(Number(sending))
          raw.end(text.slice(4))
        }
        const app = framework.app(site)
        app.use(app.smartCache(twice ? { pages: { ttl: '1m', grace: '1m' } } : {}), app.cachePage(given))
        app.handle(visit => handler(visit))
        listener = app.listener()
        const underWay: Promise<void>[] = []
        for (const { action: done, before } of actions) {
          await pass(before)
          if (done.kind === 'rest') await Promise.all(underWay.splice(0))
          if (done.kind === 'wait') site.clock.advance(`${done.seconds}s`)
          if (done.kind === 'write') underWay.push(board.write(site, done.target, pathsOf(done.target)))
          if (done.kind === 'clear') underWay.push(board.clear(site))
          if (done.kind === 'ask') underWay.push(expectNothingOlder(site, board, done))
        }
        await Promise.all(underWay)
        for (const asked of PATHS) await expectNothingOlder(site, board, { ...LAST, path: asked })
        site.announced.length = 0
      })
      await fc.assert(property, runs(60))
    })
  }
})

type Ask = Omit<Extract<typeof action extends fc.Arbitrary<infer Action> ? Action : never, { readonly kind: 'ask' }>, 'path'> & {
  readonly path: string
}

async function expectNothingOlder(
  site: Site,
  board: Board,
  { path: asked, visitor, method, reading, sending, fails, style }: Ask,
): Promise<void> {
  const oldest = board.oldest(asked)
  const reply = await site.ask({
    method,
    path: asked,
    headers: {
      'X-Visitor': String(visitor),
      'X-Reading': String(reading),
      'X-Sending': String(sending),
      ...(fails ? { 'X-Fails': 'yes' } : {}),
      ...(style === 'parts' ? { 'X-Parts': 'yes' } : {}),
    },
  })
  if (method === 'HEAD' || reply.status !== 200) return
  const [, version] = /^version (\d+)$/.exec(reply.text) ?? []
  expect(Number(version), `${asked}: ${reply.text}, ${reply.outcome}`).to.be.at.least(oldest)
}
