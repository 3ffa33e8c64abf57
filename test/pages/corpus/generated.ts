import { expect } from 'chai'
import fc from 'fast-check'
import { runs } from '../../property.js'
import type { Part } from './part.js'
import { modelOf, type Meant, type MeantHead, type Reuse, type Wished } from './model.js'
import type { Reply } from '../site.js'

const span = fc.nat({ max: 200 })
const fields = fc.subarray(['x-a', 'x-b'], { minLength: 1 })
/** There, or not, in this share of cases. */
const some = <T>(arbitrary: fc.Arbitrary<T>, share: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: Math.round(share * 10), arbitrary }, { weight: Math.round((1 - share) * 10), arbitrary: fc.constant(undefined) })

const meant: fc.Arbitrary<Meant> = fc
  .record({
    'max-age': some(span, 0.7),
    's-maxage': some(span, 0.2),
    'stale-while-revalidate': some(span, 0.4),
    'no-cache': some(fc.oneof(fc.constant(true as const), fields), 0.2),
    private: some(fc.oneof(fc.constant(true as const), fields), 0.2),
    'no-store': some(fc.constant(true as const), 0.2),
    'must-understand': some(fc.constant(true as const), 0.3),
    'must-revalidate': some(fc.constant(true as const), 0.3),
    'proxy-revalidate': some(fc.constant(true as const), 0.2),
    public: some(fc.constant(true as const), 0.3),
    immutable: some(fc.constant(true as const), 0.2),
  })
  .map(all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Meant)

const wishes: fc.Arbitrary<Wished> = fc
  .record({
    'no-cache': some(fc.constant(true as const), 0.1),
    'only-if-cached': some(fc.constant(true as const), 0.1),
    'max-age': some(fc.nat({ max: 400 }), 0.3),
    'min-fresh': some(span, 0.2),
    'max-stale': some(fc.oneof(fc.constant(true as const), span), 0.3),
  })
  .map(all => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))

const rarely = fc.integer({ min: 0, max: 9 }).map(number => number === 9)

const heads: fc.Arbitrary<MeantHead> = fc.record({
  status: fc.constantFrom(200, 200, 200, 203, 404, 302, 599),
  control: meant,
  cdn: some(
    meant.filter(rules => Object.keys(rules).length > 0),
    0.3,
  ),
  age: some(span, 0.5),
  date: some(fc.integer({ min: -100, max: 100 }), 0.5),
  expires: some(fc.oneof(fc.integer({ min: -100, max: 300 }), fc.constant('invalid' as const)), 0.4),
  lastModified: some(fc.integer({ min: -3000, max: 0 }), 0.5),
  etag: fc.boolean(),
  cookie: rarely,
  varyStar: rarely,
})

/** How a head may be written: the case of names, quotes around values, the order, empty members. */
interface Hand {
  readonly upper: boolean
  readonly quoted: boolean
  readonly reversed: boolean
  readonly gaps: boolean
}
const hands: fc.Arbitrary<Hand> = fc.record({ upper: fc.boolean(), quoted: fc.boolean(), reversed: fc.boolean(), gaps: fc.boolean() })

function written(rules: Meant, { upper, quoted, reversed, gaps }: Hand): string {
  const members = Object.entries(rules).map(([name, value]) => {
    const spelt = upper ? name.toUpperCase() : name
    if (value === true) return spelt
    return typeof value === 'number' && !quoted ? `${spelt}=${value}` : `${spelt}="${String(value)}"`
  })
  return (reversed ? members.toReversed() : members).join(gaps ? ' ,, ' : ', ')
}

export const GENERATED: Part = {
  title: 'Generated heads, and requests',
  tests(framework) {
    it('are treated as a model of RFC 9111 says that knows what was meant', async () => {
      const property = fc.asyncProperty(heads, hands, fc.nat({ max: 400 }), wishes, async (head, hand, after, wished) => {
        const asked: (readonly unknown[])[] = []
        const site = await framework.site((app, { clock }) => {
          const date = (seconds: number) => new Date(clock.now() + seconds * 1000).toUTCString()
          app.use(app.smartCache({ pages: { honor: 'origin', encodings: [] } }))
          app.handle(visit => {
            const { 'if-none-match': tag, 'if-modified-since': since } = visit.request.headers
            asked.push([tag, since].filter(value => value !== undefined))
            const response = visit.raw()
            response.statusCode = head.status
            const control = written(head.control, hand)
            if (control !== '') response.setHeader('Cache-Control', control)
            // A dictionary has one way to be written.
            if (head.cdn !== undefined)
              response.setHeader('CDN-Cache-Control', written(head.cdn, { ...hand, upper: false, quoted: false, gaps: false }))
            if (head.age !== undefined) response.setHeader('Age', head.age)
            if (head.date !== undefined) response.setHeader('Date', date(head.date))
            if (head.expires !== undefined) response.setHeader('Expires', head.expires === 'invalid' ? '0' : date(head.expires))
            if (head.lastModified !== undefined) response.setHeader('Last-Modified', date(head.lastModified))
            if (head.etag) response.setHeader('ETag', '"a"')
            if (head.cookie) response.setHeader('Set-Cookie', 'a=1')
            if (head.varyStar) response.setHeader('Vary', '*')
            response.end('hello')
          })
        })
        await site.ask()
        site.clock.advance(after * 1000)
        const control = written({ ...wished }, hand)
        const again = await site.ask({ headers: control === '' ? {} : { 'Cache-Control': control } })
        const conditional = (asked[1]?.length ?? 0) > 0
        await site.close()
        expect(reuseOf(again, conditional)).to.equal(modelOf(head, after, wished))
      })
      await fc.assert(property, runs(250))
    })
  },
}

function reuseOf({ outcome }: Reply, conditional: boolean): Reuse {
  if (outcome.endsWith('only-if-cached')) return 'none'
  if (outcome.startsWith('hit')) return outcome.endsWith('detail=stale') ? 'stale' : 'hit'
  return conditional ? 'validate' : 'miss'
}
