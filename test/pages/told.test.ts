import { expect } from 'chai'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'

const FIELDS = ['cache-control', 'cdn-cache-control', 'cache-tag', 'surrogate-key', 'cache-groups'] as const

describePages('What others are told of a page', framework => {
  async function told(policy: Policy, fields: Record<string, string> = {}): Promise<readonly (readonly (string | undefined)[])[]> {
    const site = await framework.page(policy, visit => {
      for (const [name, value] of Object.entries(fields)) visit.set(name, value)
      visit.cache.tag('said')
      visit.send('hello')
    })
    const seen: (readonly (string | undefined)[])[] = []
    for (const seconds of [0, 10]) {
      site.clock.advance(seconds * 1000)
      const { headers } = await site.ask()
      seen.push(FIELDS.map(name => headers[name]))
    }
    expect((await site.ask()).outcome).to.match(/^hit/)
    return seen
  }

  it('is nothing where nothing is to be told', async () => {
    expect(await told({ ttl: '1h' })).to.deep.equal([FIELDS.map(() => undefined), FIELDS.map(() => undefined)])
  })

  it('is a lifetime for browsers and one for CDNs, counted from when the page was made, as its Age is', async () => {
    expect(await told({ ttl: '1h', browser: '1m', cdn: '10m' })).to.deep.equal([
      ['max-age=60', 'max-age=600', undefined, undefined, undefined],
      ['max-age=70', 'max-age=610', undefined, undefined, undefined],
    ])
  })

  it('has no effect on how long it is kept here', async () => {
    const [miss] = await told({ ttl: '1h', browser: 0, cdn: 0 })
    expect(miss?.slice(0, 2)).to.deep.equal(['max-age=0', 'max-age=0'])
  })

  it('leaves what the route says as it is', async () => {
    const [miss, hit] = await told({ ttl: '1h', browser: '1m' }, { 'Cache-Control': 'max-age=5000, public' })
    expect([miss?.[0], hit?.[0]]).to.deep.equal(['max-age=5000, public', 'max-age=5000, public'])
  })

  it('is for one browser alone where pages differ by user', async () => {
    const [miss, hit] = await told({ ttl: '1h', browser: '1m', cdn: '1h', vary: { user: () => 'ann' } })
    expect([miss?.slice(0, 2), hit?.slice(0, 2)]).to.deep.equal([
      ['private, max-age=60', undefined],
      ['private, max-age=70', undefined],
    ])
  })

  it('is its tags, in the fields that are asked for, without the library’s own', async () => {
    const rows = await told({ ttl: '1h', tags: ['posts', 'post:7', 'a b,"c"'], tagHeaders: ['Cache-Tag', 'Surrogate-Key', 'Cache-Groups'] })
    for (const row of rows) {
      expect(row.slice(2)).to.deep.equal([
        'posts,post:7,a%20b%2C%22c%22,said',
        'posts post:7 a%20b%2C%22c%22 said',
        '"posts", "post:7", "a%20b%2C%22c%22", "said"',
      ])
    }
  })

  it('is told with a 304 as well', async () => {
    const site = await framework.page({ ttl: '1h', browser: '1m' }, visit => visit.send('hello'))
    const { headers } = await site.ask()
    const reply = await site.ask({ headers: { 'If-None-Match': headers['etag'] ?? '' } })
    expect([reply.status, reply.headers['cache-control']]).to.deep.equal([304, 'max-age=60'])
  })

  it('is refused at start if it is none', () => {
    expect(() => framework.page({ browser: 'soon' as '1m' }, () => {})).to.throw()
  })
})
