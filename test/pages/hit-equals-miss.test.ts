import { expect } from 'chai'
import { describeHits } from './frameworks.js'
import type { Content, Step } from './framework.js'
import type { Reply } from './site.js'

/** Made anew for each answer, of one connection, or the framework's own, which the front answers without. */
const PASSING = new Set(['date', 'age', 'cache-status', 'connection', 'keep-alive', 'transfer-encoding', 'x-powered-by'])

function lastingFields({ fields }: Reply, but: readonly string[]): string[] {
  return fields
    .filter(([name]) => !PASSING.has(name.toLowerCase()) && !but.includes(name.toLowerCase()))
    .map(field => field.join(': '))
    .toSorted()
}

/** Equal in all that a reader can see; a length is compared where both have one, for a stream may do without. */
function expectSame(reply: Reply, other: Reply, but: readonly string[]): void {
  const framed = reply.headers['content-length'] === undefined || other.headers['content-length'] === undefined
  const left = framed ? [...but, 'content-length'] : but
  expect(reply.status).to.equal(other.status)
  expect(reply.message).to.equal(other.message)
  expect(lastingFields(reply, left)).to.deep.equal(lastingFields(other, left))
  expect(reply.body.equals(other.body), 'the same bytes').to.equal(true)
}

const CONTENTS: Readonly<Record<string, Content>> = {
  'plain text': { type: 'text/plain; charset=utf-8', bytes: Buffer.from('hello, world') },
  'text in many scripts': { type: 'text/html; charset=utf-8', bytes: Buffer.from('<p>Grüße, 世界 🌍 \u0000 \ufeff</p>') },
  'binary data': { type: 'image/png', bytes: Buffer.from(Array.from({ length: 1024 }, (_, at) => (at * 7) % 256)) },
  nothing: { type: 'text/plain; charset=utf-8', bytes: Buffer.alloc(0) },
  '300 KiB': { type: 'text/plain; charset=utf-8', bytes: Buffer.alloc(300 * 1024, '0123456789') },
}

describeHits('A hit equals the miss it came from, which equals the page without a cache', framework => {
  async function expectTransparent(handler: Step): Promise<void> {
    const bare = await framework.site(app => app.handle(handler))
    const site = await framework.page({ ttl: '1m' }, handler)
    const plain = await bare.ask()
    const miss = await site.ask()
    const hit = await site.ask()
    expect(miss.outcome).to.equal('fwd=uri-miss')
    expect(hit.outcome).to.equal('hit; ttl=60')
    expect(site.runs).to.equal(1)
    // Beside these it says what visitors may ask of a page that is kept.
    expectSame(miss, plain, ['etag', 'accept-ranges', 'vary'])
    expect(miss.headers['accept-ranges']).to.equal(miss.status === 200 ? 'bytes' : undefined)
    expect([plain.headers['vary'], 'Accept-Encoding']).to.include(miss.headers['vary'])
    // A page whose bytes are known only at its end is given its validator then.
    expectSame(hit, miss, miss.headers['etag'] === undefined ? ['etag'] : [])
  }

  for (const [style, reply] of Object.entries(framework.styles)) {
    for (const [kind, content] of Object.entries(CONTENTS)) {
      it(`when ${style} sends ${kind}`, () => expectTransparent(visit => reply(visit, content)))
    }
  }

  it('when there is no content', () => expectTransparent(visit => visit.status(204).set('X-Own', 'yes').send('')))

  it('when it redirects for ever', () => expectTransparent(visit => visit.status(301).set('Location', '/new').send('moved')))

  it('when a header is set twice', () =>
    expectTransparent(visit => visit.set('Link', ['</a>; rel=next', '</b>; rel=prev']).set('X-Other', 'yes').send('hello')))

  it('when the spelling of a header is odd', () =>
    expectTransparent(visit => visit.set('x-WEIRD-case', 'yes').set('CONTENT-language', 'de').send('hello')))

  it('when a header is empty', () => expectTransparent(visit => visit.set('X-Empty', '').send('hello')))

  it('when the reason phrase is its own', () =>
    expectTransparent(visit => {
      visit.status(203)
      visit.response.statusMessage = 'Nearly'
      visit.send('hello')
    }))

  it('when it has no type', () => expectTransparent(visit => visit.raw().end('hello')))

  it('when it says when it was changed', () =>
    expectTransparent(visit => visit.set('Last-Modified', 'Wed, 01 Jan 2025 00:00:00 GMT').send('hello')))

  it('when it says for how long others may keep it', () =>
    expectTransparent(visit => visit.set('Cache-Control', 'public, max-age=600').send('hello')))
})
