import { expect } from 'chai'
import { describeHits } from './frameworks.js'

type Row = readonly [first: string, second: string, same: boolean]

const CASES: readonly (readonly [query: boolean | readonly string[], rows: readonly Row[]])[] = [
  [
    true,
    [
      ['/', '/', true],
      ['/', '/?', true],
      ['/?a=1', '/?a=1&', true],
      ['/?a=1', '/?a=2', false],
      ['/?a=1', '/?A=1', false],
      ['/?a=1', '/', false],
      ['/?a=1&b=2', '/?b=2&a=1', true],
      ['/?b=2&a=1&c', '/?c&a=1&b=2', true],
      ['/?a=1&a=2', '/?a=2&a=1', false],
      ['/?a=1&a=1', '/?a=1', false],
      ['/?a=1&b=2&a=3', '/?b=2&a=1&a=3', true],
      ['/?a', '/', false],
      ['/?a', '/?a=', false],
      ['/?a=', '/', false],
      ['/?a=1', '/?utm_source=mail&a=1', true],
      ['/?a=1', '/?a=1&utm_campaign=x&gclid=y&fbclid=z', true],
      ['/?utm_source=mail', '/', true],
      ['/?UTM_source=mail', '/', false],
      ['/?xutm_source=mail', '/', false],
      ['/?a=1;b=2', '/?a=1', false],
      ['/?a=1;b=2', '/?a=1&b=2', false],
      ['/?utm_source=x;a=1', '/', false],
      ['/?utm_source=x;a=1', '/?utm_source=x;a=2', false],
      ['/?a=%31', '/?a=1', false],
      ['/?a=1%262', '/?a=1&2', false],
      ['/?a[b]=1&a[c]=2', '/?a[c]=2&a[b]=1', false],
      ['/?a[]=1&b=2', '/?b=2&a[]=1', true],
      ['/?%zz=1', '/?%zz=2', false],
      ['/?__proto__=1', '/', false],
    ],
  ],
  [
    false,
    [
      ['/', '/?a=1', true],
      ['/?a=1', '/?b=2', true],
      ['/a?a=1', '/b?a=1', false],
    ],
  ],
  [
    ['page', 'sort'],
    [
      ['/?page=2', '/?page=2&from=mail', true],
      ['/?page=2', '/?from=mail&page=2', true],
      ['/?page=2&sort=up', '/?sort=up&page=2&x', true],
      ['/?page=2', '/?page=3', false],
      ['/?page=2', '/', false],
      ['/?page', '/?page=', false],
      ['/?page=2&page=3', '/?page=3&page=2', false],
      ['/?page[]=2', '/?page[]=3', false],
      ['/?%70age=2', '/?%70age=3', false],
      ['/?p+age=2', '/', true],
      ['/?x=1;page=2', '/?x=1;page=3', false],
    ],
  ],
]

describeHits('The query', framework => {
  for (const [query, rows] of CASES) {
    for (const [first, second, same] of rows) {
      it(`makes ${first} and ${second} ${same ? 'one page' : 'two pages'} with vary.query ${JSON.stringify(query)}`, async () => {
        const site = await framework.page({ ttl: '1m', vary: { query } }, visit => visit.send(`for ${visit.request.url}`))
        await site.ask(first)
        const reply = await site.ask(second)
        expect(site.runs).to.equal(same ? 1 : 2)
        expect(reply.text).to.equal(`for ${same ? first : second}`)
      })
    }
  }

  it('counts as a whole when nothing is said of it', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask('/?a=1')
    await site.ask('/?a=2')
    expect(site.runs).to.equal(2)
  })

  it('purged by URL takes all orders of its parameters with it', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    await site.ask('/?a=1&b=2')
    await site.cache.invalidate({ url: 'https://shop.example/?b=2&utm_source=mail&a=1' })
    expect((await site.ask('/?a=1&b=2')).outcome).to.equal('fwd=uri-miss')
  })
})

describeHits('Known trackers', framework => {
  it('count like other parameters where the policy says so', async () => {
    const site = await framework.page({ ttl: '1m', vary: { trackers: true } }, visit => visit.send(`for ${visit.request.url}`))
    for (const path of ['/?utm_source=mail', '/?utm_source=post', '/', '/?a=1&utm_source=mail']) {
      for (let asked = 0; asked < 2; asked++) expect((await site.ask(path)).text).to.equal(`for ${path}`)
    }
    await site.ask('/?utm_source=mail&a=1')
    expect(site.runs).to.equal(4)
  })

  it('make no difference to a purge by URL', async () => {
    const site = await framework.page({ ttl: '1m', vary: { trackers: true } }, visit => visit.send('hello'))
    for (const url of ['/?a=1', '/?utm_source=post&a=1', 'https://shop.example/?a=1&utm_source=mail']) {
      for (const path of ['/?a=1&utm_source=mail', '/?b=1']) await site.ask(path)
      await site.cache.invalidate({ url })
      expect((await site.ask('/?a=1&utm_source=mail')).outcome).to.match(/^fwd=uri-miss/)
      expect((await site.ask('/?b=1')).outcome).to.match(/^hit/)
    }
  })

  it('cannot be anything else than true or false', async () => {
    let thrown: unknown
    try {
      await framework.page({ vary: { trackers: ['utm_source'] as unknown as boolean } }, () => undefined)
    } catch (error) {
      thrown = error
    }
    expect(String(thrown)).to.include('Expected `vary.trackers` to be true or false, got')
  })
})
