import { expect } from 'chai'
import type { Part } from './part.js'

/** The fake clock begins here. */
const NOW = Date.parse('2026-01-01T00:00:00Z')

type Fields = Readonly<Record<string, string | readonly string[]>>
/** Section, what is said, the head, and for how many whole seconds the page is fresh: none if it is not kept, or stale at once. */
type Row = readonly (readonly [section: string, what: string, fields: Fields, seconds: number, status?: number])[]

function date(seconds: number): string {
  return new Date(NOW + seconds * 1000).toUTCString()
}

const ROWS: Row = [
  ['1.2.2', 'a number too large is taken for 2^31', { 'Cache-Control': 'max-age=99999999999999999999' }, 2 ** 31],
  ['1.2.2', 'zeros before a number mean nothing', { 'Cache-Control': 'max-age=0060' }, 60],
  ['3', 'a response with explicit freshness is kept whatever its status', { 'Cache-Control': 'max-age=60' }, 60, 599],
  ['3', 'a 206 is not kept', { 'Cache-Control': 'max-age=60' }, 0, 206],
  ['3', 'without a lifetime a status that is not heuristically cacheable is not kept', { ETag: '"a"' }, 0, 403],
  ['4.1', 'Vary: * matches nothing', { 'Cache-Control': 'max-age=60', Vary: 'Accept, *' }, 0],
  ['4.2.1', 's-maxage comes before max-age', { 'Cache-Control': 'max-age=600, s-maxage=60' }, 60],
  ['4.2.1', 'max-age comes before Expires', { 'Cache-Control': 'max-age=60', Expires: date(600), Date: date(0) }, 60],
  ['4.2.1', 'Expires is counted from Date', { Expires: date(60), Date: date(0) }, 60],
  ['4.2.1', 'Expires is counted from the arrival where Date is invalid', { Expires: date(60), Date: 'soon' }, 60],
  ['4.2.1', 'of two max-age the shorter counts', { 'Cache-Control': 'max-age=600, max-age=60' }, 60],
  ['4.2.1', 'a max-age that is no number has passed', { 'Cache-Control': 'max-age=1.5' }, 0],
  ['4.2.1', 'a negative max-age has passed', { 'Cache-Control': 'max-age=-1' }, 0],
  ['4.2.1', 'a max-age in quotes is read', { 'Cache-Control': 'max-age="60"' }, 60],
  ['4.2.1', 'a max-age within a quoted string is none', { 'Cache-Control': 'x="max-age=600", max-age=60' }, 60],
  ['4.2.2', 'a tenth of the time since Last-Modified', { 'Last-Modified': date(-600), Date: date(0) }, 60],
  ['4.2.2', 'a day at most', { 'Last-Modified': date(-1e8), Date: date(0) }, 86_400],
  ['4.2.2', 'none for a status that does not allow it', { 'Last-Modified': date(-600), Date: date(0) }, 0, 201],
  ['4.2.2', 'but with public', { 'Last-Modified': date(-600), 'Cache-Control': 'public' }, 60, 299],
  ['4.2.2', 'none where there is nothing to go by', {}, 0],
  ['4.2.3', 'Age is taken from the lifetime', { 'Cache-Control': 'max-age=100', Age: '40' }, 60],
  ['4.2.3', 'an old Date as well', { 'Cache-Control': 'max-age=100', Date: date(-40) }, 60],
  ['4.2.3', 'the more cautious of both', { 'Cache-Control': 'max-age=100', Date: date(-40), Age: '10' }, 60],
  ['4.2.3', 'a Date in the future makes nobody younger', { 'Cache-Control': 'max-age=60', Date: date(40) }, 60],
  ['5.1', 'of several Ages the first counts', { 'Cache-Control': 'max-age=100', Age: '40, 90' }, 60],
  ['5.1', 'also on lines of their own', { 'Cache-Control': 'max-age=100', Age: ['40', '90'] }, 60],
  ['5.1', 'an invalid Age is ignored', { 'Cache-Control': 'max-age=60', Age: '-40' }, 60],
  ['5.2', 'names of directives have no case', { 'Cache-Control': 'MaX-aGe=60' }, 60],
  ['5.2', 'what does not fit the grammar is not kept', { 'Cache-Control': 'max-age=60 public' }, 0],
  ['5.2.2.3', 'must-understand with a status that nobody knows', { 'Cache-Control': 'max-age=60, must-understand' }, 0, 599],
  ['5.2.2.3', 'must-understand lifts no-store where the status is known', { 'Cache-Control': 'max-age=60, must-understand, no-store' }, 60],
  ['5.2.2.4', 'no-cache is asked about each time', { 'Cache-Control': 'max-age=60, no-cache' }, 0],
  ['5.2.2.4', 'no-cache with and without fields is without', { 'Cache-Control': 'max-age=60, no-cache="a", no-cache' }, 0],
  ['5.2.2.5', 'no-store is not kept', { 'Cache-Control': 'max-age=60, No-Store' }, 0],
  ['5.2.2.7', 'private is not kept', { 'Cache-Control': 'max-age=60, private' }, 0],
  ['5.3', 'an invalid Expires has passed', { Expires: '0', Date: date(0) }, 0],
  ['5.3', 'two of them are invalid', { Expires: [date(60), date(60)], Date: date(0) }, 0],
  ['5.4', 'Pragma: no-cache counts where there is no Cache-Control', { Pragma: 'no-cache', Expires: date(60) }, 0],
  ['5.4', 'and nowhere else', { Pragma: 'no-cache', 'Cache-Control': 'max-age=60' }, 60],
]

const DATES: readonly (readonly [what: string, text: string, valid: boolean])[] = [
  ['the form that is sent', 'Thu, 01 Jan 2026 00:01:00 GMT', true],
  ['RFC 850', 'Thursday, 01-Jan-26 00:01:00 GMT', true],
  ['asctime', 'Thu Jan  1 00:01:00 2026', true],
  ['another case', 'THU, 01 JAN 2026 00:01:00 gmt', true],
  ['UTC', 'Thu, 01 Jan 2026 00:01:00 UTC', false],
  ['another zone', 'Thu, 01 Jan 2026 00:01:00 AEST', false],
  ['a year of two digits', 'Thu, 01 Jan 26 00:01:00 GMT', false],
  ['no comma', 'Thu 01 Jan 2026 00:01:00 GMT', false],
  ['two spaces', 'Thu, 01  Jan  2026 00:01:00 GMT', false],
  ['dashes', 'Thu, 01-Jan-2026 00:01:00 GMT', false],
  ['periods', 'Thu, 01 Jan 2026 00.01.00 GMT', false],
  ['an hour of one digit', 'Thu, 01 Jan 2026 0:01:00 GMT', false],
  ['a day that is not there', 'Tue, 31 Feb 2026 00:01:00 GMT', false],
  ['ISO 8601', '2026-01-01T00:01:00Z', false],
]

const TARGETED: Row = [
  ['RFC 9213, 2.2', 'CDN-Cache-Control comes before Cache-Control', { 'CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'no-store' }, 60],
  ['RFC 9213, 2.2', 'and before Expires', { 'CDN-Cache-Control': 'max-age=60', Expires: '0' }, 60],
  ['RFC 9213, 2.2', 'also where it is stricter', { 'CDN-Cache-Control': 'no-store', 'Cache-Control': 'max-age=60' }, 0],
  ['RFC 9213, 2.1', 'what is no dictionary counts as absent', { 'CDN-Cache-Control': 'max-age=60, &&', 'Cache-Control': 'no-store' }, 0],
  ['RFC 9213, 2.1', 'so does an empty one', { 'CDN-Cache-Control': '', 'Cache-Control': 'max-age=60' }, 60],
  ['RFC 9213, 2.1', 'a value of the wrong type is left out', { 'CDN-Cache-Control': 'max-age="600"', 'Cache-Control': 'max-age=60' }, 0],
  [
    'Edge Architecture',
    'Surrogate-Control comes before Cache-Control',
    { 'Surrogate-Control': 'max-age=60', 'Cache-Control': 'max-age=1' },
    60,
  ],
  ['Edge Architecture', 'not where it is for another', { 'Surrogate-Control': 'max-age=600;abc', 'Cache-Control': 'max-age=60' }, 60],
]

export const FRESHNESS: Part = {
  title: 'Where the origin rules, freshness (RFC 9111)',
  tests(framework) {
    async function expectFresh(fields: Fields, seconds: number, status = 200): Promise<void> {
      const site = await framework.page({ honor: 'origin' }, visit => {
        for (const [name, value] of Object.entries(fields)) visit.response.setHeader(name, value)
        visit.status(status).send('hello')
      })
      await site.ask()
      const second = await site.ask()
      if (seconds === 0) expect(second.outcome).not.to.match(/^hit/)
      else expect(second.outcome).to.equal(`hit; ttl=${seconds}`)
      site.clock.advance(seconds * 1000)
      expect((await site.ask()).outcome).not.to.match(/^hit/)
    }

    for (const [section, what, fields, seconds, status] of [...ROWS, ...TARGETED]) {
      it(`${section}: ${what}`, () => expectFresh(fields, seconds, status))
    }
    for (const [what, text, valid] of DATES) {
      it(`RFC 9110, 5.6.7: a date in ${what} is ${valid ? 'one' : 'none'}`, () => expectFresh({ Expires: text }, valid ? 60 : 0))
    }

    it('4.2.3: the time that the handler took counts', async () => {
      const site = await framework.site((app, { clock }) => {
        app.use(app.smartCache({ pages: { honor: 'origin' } }))
        app.handle(visit => {
          clock.advance('10s')
          visit.set('Cache-Control', 'max-age=60').send('hello')
        })
      })
      await site.ask()
      const hit = await site.ask()
      expect([hit.outcome, hit.headers['age']]).to.deep.equal(['hit; ttl=50', '10'])
    })

    it('5.1: Age goes on from what it was, and 6.6.1 of RFC 9110: Date stays what it was', async () => {
      const site = await framework.page({ honor: 'origin' }, visit =>
        visit.set('Cache-Control', 'max-age=600').set('Age', '30').set('Date', date(0)).send('hello'),
      )
      await site.ask()
      site.clock.advance('10s')
      const hit = await site.ask()
      expect([hit.headers['age'], hit.headers['date']]).to.deep.equal(['40', date(0)])
    })

    it('5.2.2.4 and 5.2.2.7: fields named by no-cache and private are not kept, and the rest is', async () => {
      const site = await framework.page({ honor: 'origin' }, visit =>
        visit
          .set('Cache-Control', 'max-age=60, no-cache="X-A, x-b", private="X-C"')
          .set('X-A', '1')
          .set('X-C', '3')
          .set('X-D', '4')
          .send('hello'),
      )
      expect((await site.ask()).headers['x-a']).to.equal('1')
      const { outcome, headers } = await site.ask()
      expect([outcome, headers['x-a'], headers['x-c'], headers['x-d']]).to.deep.equal(['hit; ttl=60', undefined, undefined, '4'])
    })

    it('counts the policy’s ttl where the page says nothing', async () => {
      const site = await framework.page({ honor: 'origin', ttl: '1m' }, visit => visit.send('hello'))
      await site.ask()
      expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    })
  },
}
