import { expect } from 'chai'
import { createHash } from 'node:crypto'
import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import * as zlib from 'node:zlib'
import { memoryStore } from 'smart-cache'
import { decoded } from './decoded.js'
import type { Policy, Step } from './framework.js'
import { describeHits, frameworks } from './frameworks.js'
import type { Reply, Site } from './site.js'

const TEXT = 'Grüße aus der Küche. '.repeat(200)
const ZSTD = 'zstdCompress' in zlib

const text: Step = visit => visit.set('Content-Type', 'text/html; charset=utf-8').send(TEXT)

function accepting(accepted: string | undefined, more: OutgoingHttpHeaders = {}): { readonly headers: OutgoingHttpHeaders } {
  return { headers: { ...(accepted === undefined ? {} : { 'Accept-Encoding': accepted }), ...more } }
}

/** Asks until the page comes in this encoding. */
async function encodedReply(site: Site, coding: string): Promise<Reply> {
  for (;;) {
    const reply = await site.ask(accepting(coding))
    expect(decoded(reply) === TEXT, 'the text').to.equal(true)
    if (reply.headers['content-encoding'] === coding) return reply
  }
}

async function allMade(site: Site): Promise<void> {
  await site.ask()
  for (const coding of ['gzip', 'br']) await encodedReply(site, coding)
}

describeHits('A page that is kept as it is', framework => {
  const page = (handler = text, policy: Policy = {}) => framework.page({ ttl: '1m', ...policy }, handler)

  it('is sent encoded to who accepts that, once that is made', async () => {
    const site = await page()
    const miss = await site.ask(accepting('gzip'))
    expect([miss.headers['content-encoding'], miss.headers['vary']]).to.deep.equal([undefined, 'Accept-Encoding'])
    const first = await site.ask(accepting('gzip'))
    expect(decoded(first)).to.equal(TEXT)
    const hit = await encodedReply(site, 'gzip')
    expect(hit.headers['vary']).to.equal('Accept-Encoding')
    expect(hit.headers['content-length']).to.equal(String(hit.body.length))
    expect(hit.body.length).to.be.below(TEXT.length / 5)
    expect(hit.headers['content-type']).to.equal('text/html; charset=utf-8')
    expect(site.runs).to.equal(1)
  })

  const accepted: readonly (readonly [field: string | undefined, coding: string | undefined])[] = [
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['br', 'br'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0', undefined],
    ['*', 'br'],
    ['*;q=0.5, gzip', 'gzip'],
    ['br;q=0, *', ZSTD ? undefined : 'gzip'],
    ['gzip;q=0.5, identity', undefined],
    ['identity;q=0.5, gzip;q=0.7', 'gzip'],
    ['deflate', undefined],
    ['compress, x-other', undefined],
    ['identity', undefined],
    ['identity;q=0', undefined],
    ['*;q=0', undefined],
    ['gzip;q=0, identity;q=0', undefined],
    [', ,gzip ; q=0.9 ,', 'gzip'],
    ['gzip;q=0.000', undefined],
  ]
  it('is sent in the form that is most welcome (RFC 9110, 12.5.3)', async () => {
    const site = await page(text, { encodings: ['br', 'gzip'] })
    await allMade(site)
    for (const [field, coding] of accepted.filter(([given]) => given !== 'br;q=0, *')) {
      const reply = await site.ask(accepting(field))
      expect([field, reply.status, reply.headers['content-encoding'], decoded(reply) === TEXT]).to.deep.equal([field, 200, coding, true])
      expect(reply.headers['vary']).to.equal('Accept-Encoding')
    }
    expect(site.runs).to.equal(1)
  })

  it('is never sent so to who refuses that, though it has to be encoded first', async () => {
    for (const [field, coding] of [
      ['identity;q=0, gzip', 'gzip'],
      ['*;q=0, br;q=0.1', 'br'],
      ['br, gzip;q=0.5, identity;q=0', 'br'],
    ] as const) {
      const site = await page()
      await site.ask()
      const replies = await Promise.all([site.ask(accepting(field)), site.ask(accepting(field))])
      for (const reply of replies) {
        expect(reply.headers['content-encoding']).to.equal(coding)
        expect(decoded(reply) === TEXT).to.equal(true)
        expect(reply.outcome).to.equal('hit; ttl=60')
      }
    }
  })

  it('has a strong validator of its own for each form, and is known by each of them', async () => {
    const site = await page()
    const plain = await site.ask()
    const tags = [plain.headers['etag'] ?? '']
    for (const coding of ['gzip', 'br']) tags.push((await encodedReply(site, coding)).headers['etag'] ?? '')
    expect(new Set(tags).size).to.equal(3)
    for (const tag of tags) expect(tag).to.match(/^"[^"]+"$/)
    for (const tag of tags) {
      for (const field of [undefined, 'gzip', 'br']) {
        for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
          const reply = await site.ask(accepting(field, { 'If-None-Match': known }))
          expect([reply.status, reply.headers['etag'], reply.headers['vary']]).to.deep.equal([304, tag, 'Accept-Encoding'])
          expect([reply.headers['content-encoding'], reply.body.length]).to.deep.equal([undefined, 0])
        }
      }
    }
    for (const tag of ['"other"', tags[0]?.replace(/"$/, '-deflate"'), tags[0]?.replace(/"$/, '-br-gzip"')]) {
      expect((await site.ask(accepting('br', { 'If-None-Match': tag }))).status).to.equal(200)
    }
  })

  it('has one weak validator for all forms, if that is what the handler gives it', async () => {
    const site = await page(visit => visit.set('ETag', 'W/"own"').send(TEXT))
    for (const { headers } of [await site.ask(), await encodedReply(site, 'br')]) expect(headers['etag']).to.equal('W/"own"')
  })

  it('is encoded for HEAD as for GET', async () => {
    const site = await page()
    await site.ask()
    const { headers } = await encodedReply(site, 'br')
    const head = await site.ask({ method: 'HEAD', ...accepting('br') })
    for (const name of ['content-encoding', 'content-length', 'etag', 'vary'])
      expect([name, head.headers[name]]).to.deep.equal([name, headers[name]])
    expect(head.body.length).to.equal(0)
  })

  it('is encoded of a stream as well', async () => {
    const site = await page(visit => visit.set('Content-Type', 'text/plain; charset=utf-8').stream(Readable.from([Buffer.from(TEXT)])))
    expect((await site.ask(accepting('br'))).headers['vary']).to.equal('Accept-Encoding')
    await encodedReply(site, 'br')
  })

  it('is encoded when it is JSON', async () => {
    const site = await page(visit => visit.send({ text: TEXT }))
    await site.ask()
    let reply = await site.ask(accepting('br'))
    while (reply.headers['content-encoding'] === undefined) reply = await site.ask(accepting('br'))
    expect(JSON.parse(decoded(reply))).to.deep.equal({ text: TEXT })
  })

  it('is not encoded any more than its age stands still', async () => {
    const site = await page()
    await site.ask()
    await encodedReply(site, 'br')
    site.clock.advance('7s')
    const { headers, outcome } = await encodedReply(site, 'br')
    expect([headers['age'], outcome]).to.deep.equal(['7', 'hit; ttl=53'])
  })

  it('is gone in all forms when it is purged', async () => {
    let version = 1
    const site = await page(visit => visit.set('Content-Type', 'text/plain').send(`${version} ${TEXT}`))
    await site.ask()
    while ((await site.ask(accepting('br'))).headers['content-encoding'] === undefined);
    version = 2
    await site.cache.invalidate({ url: '/' })
    for (let asked = 0; asked < 5; asked++) expect(decoded(await site.ask(accepting('br'))).startsWith('2')).to.equal(true)
  })

  it('is sent in the forms that the policy names, in its order', async () => {
    const site = await page(text, { encodings: ['gzip', 'br'] })
    await allMade(site)
    expect((await site.ask(accepting('gzip, br'))).headers['content-encoding']).to.equal('gzip')
    const only = await page(text, { encodings: ['gzip'] })
    await only.ask()
    await encodedReply(only, 'gzip')
    for (let asked = 0; asked < 3; asked++) expect((await only.ask(accepting('br'))).headers['content-encoding']).to.equal(undefined)
  })

  const plain: Readonly<Record<string, readonly [handler: Step, policy?: Policy, headers?: OutgoingHttpHeaders]>> = {
    'the policy says so': [text, { encodings: false }],
    'the policy names no coding': [text, { encodings: [] }],
    'it is small': [visit => visit.set('Content-Type', 'text/html').send('x'.repeat(1024))],
    'it is compressed by its nature': [visit => visit.set('Content-Type', 'image/png').send(Buffer.from(TEXT))],
    'nobody knows what it is': [visit => visit.raw().end(TEXT)],
    'it must not be transformed': [
      visit => visit.set('Cache-Control', 'max-age=60, No-Transform').set('Content-Type', 'text/html').send(TEXT),
    ],
    'it has a digest of its bytes': [visit => visit.set('Content-Digest', 'sha-256=:abc=:').set('Content-Type', 'text/html').send(TEXT)],
  }
  for (const [why, [handler, policy = {}]] of Object.entries(plain)) {
    it(`is not encoded, and varies on nothing: ${why}`, async () => {
      const site = await page(handler, policy)
      for (let asked = 0; asked < 5; asked++) {
        const reply = await site.ask(accepting('gzip, br, identity;q=0'))
        expect([reply.headers['content-encoding'], reply.headers['vary']]).to.deep.equal([undefined, undefined])
      }
      expect(site.runs).to.equal(1)
    })
  }

  it('is not encoded for a visitor who wants nothing to be transformed', async () => {
    const site = await page()
    await allMade(site)
    const reply = await site.ask(accepting('br', { 'Cache-Control': 'no-transform' }))
    expect([reply.headers['content-encoding'], reply.text === TEXT]).to.deep.equal([undefined, true])
  })

  it('is not sent encoded where that saves next to nothing', async () => {
    const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * at * 7919 + (at >> 3) * 104_729) % 251))
    const random = zlib.deflateRawSync(zlib.brotliCompressSync(Buffer.concat([noise, Buffer.from(TEXT)])))
    const site = await page(visit => visit.set('Content-Type', 'text/x-noise').send(Buffer.concat([random, random.toReversed()])))
    for (let asked = 0; asked < 5; asked++) expect((await site.ask(accepting('br'))).headers['content-encoding']).to.equal(undefined)
  })

  it('is kept encoded where the handler encodes it, for those who accept the same', async () => {
    const site = await page(visit => {
      const gzips = /gzip/.test(String(visit.request.headers['accept-encoding']))
      visit.set('Content-Type', 'text/html; charset=utf-8').set('Vary', 'Accept-Encoding')
      if (gzips) visit.set('Content-Encoding', 'gzip').send(zlib.gzipSync(TEXT))
      else visit.send(TEXT)
    })
    for (let round = 0; round < 3; round++) {
      for (const field of ['gzip', 'br', undefined]) expect(decoded(await site.ask(accepting(field)))).to.equal(TEXT)
      expect((await site.ask(accepting('gzip'))).headers['content-encoding']).to.equal('gzip')
    }
    expect(site.runs).to.equal(3)
  })

  it('takes up room with all its forms', async () => {
    const dense = createHash('shake256', { outputLength: 6000 }).update('seed').digest('base64')
    const store = memoryStore({ maxBytes: 2 * dense.length + 3000 })
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Content-Type', 'text/plain').send(dense), { store })
    for (const path of ['/a', '/b']) await site.ask(path)
    expect(site.heard('evict')).to.deep.equal([])
    while ((await site.ask({ path: '/b', ...accepting('br') })).headers['content-encoding'] === undefined);
    expect(site.heard('evict').map(({ key }) => key.endsWith('/a'))).to.deep.equal([true])
    expect((await site.ask('/b')).outcome).to.equal('hit; ttl=60')
  })
})

describe('The option `encodings`', () => {
  for (const framework of frameworks) {
    for (const given of ['br', ['deflate'], ['identity'], 1, [1]]) {
      it(`cannot be ${JSON.stringify(given)} on ${framework.name}`, async () => {
        let thrown: unknown
        try {
          await framework.page({ encodings: given as unknown as boolean }, () => undefined)
        } catch (error) {
          thrown = error
        }
        expect(String(thrown)).to.include('Expected `encodings` to be true, false or an array of br, zstd, gzip, got')
      })
    }
  }
})
