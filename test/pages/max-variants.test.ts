import { expect } from 'chai'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'
import type { Site } from './site.js'

describePages('The number of variants of one path', framework => {
  const ways: Readonly<Record<string, Policy>> = {
    'that a policy declares': { ttl: '1m', maxVariants: 2, vary: { headers: ['X-Any'] } },
    'that a page announces': { ttl: '1m', maxVariants: 2 },
  }
  for (const [way, policy] of Object.entries(ways)) {
    it(`${way} is bounded: the one kept longest ago makes room`, async () => {
      const site = await framework.page(policy, visit => visit.set('Vary', 'X-Any').send('hello'))
      const ask = async (any: string) => (await site.ask({ headers: { 'X-Any': any } })).outcome.split(';')[0]
      for (const any of ['1', '2', '3']) await ask(any)
      expect(await ask('3')).to.equal('hit')
      expect(await ask('2')).to.equal('hit')
      expect(await ask('1')).to.match(/miss/)
      expect(await ask('1')).to.equal('hit')
      expect(await ask('2')).to.match(/miss/)
    })
  }

  it('is counted for each path apart', async () => {
    const site = await framework.page({ ttl: '1m', maxVariants: 1, vary: { headers: ['X-Any'] } }, visit => visit.send('hello'))
    for (const path of ['/a', '/b']) await site.ask({ path, headers: { 'X-Any': '1' } })
    for (const path of ['/a', '/b']) expect((await site.ask({ path, headers: { 'X-Any': '1' } })).outcome).to.equal('hit; ttl=60')
  })

  it('is counted once for a page that a front has been found unfit for', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache(), app.cachePage({ ttl: '1m', maxVariants: 2, front: true }))
      app.handle(visit => visit.set('Vary', 'X-Any').send('hello'))
    })
    const ask = async (any: string) => (await site.ask({ headers: { 'X-Any': any } })).outcome.split(';')[0]
    for (const any of ['1', '2']) await ask(any)
    for (const any of ['1', '2']) expect(await ask(any)).to.equal('hit')
    await ask('3')
    expect(site.heard('purge')).to.have.length(1)
  })

  it('leaves those that are asked for, where others are not', async () => {
    const site = await framework.page({ ttl: '1m', maxVariants: 2, vary: { headers: ['X-Any'] } }, visit => visit.send('hello'))
    const ask = async (any: string) => (await site.ask({ headers: { 'X-Any': any } })).outcome.split(';')[0]
    for (const any of ['mine', 'mine']) await ask(any)
    for (let other = 0; other < 5; other++) {
      await ask(`other ${other}`)
      expect(await ask('mine')).to.equal('hit')
    }
  })

  const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'shop.example' }
  for (const [where, question] of Object.entries({ directly: {}, 'through a proxy': { headers } })) {
    it(`does not count pages, asked for ${where}, that differ by their query alone`, async () => {
      const site = await framework.page({ ttl: '1m', maxVariants: 1 }, visit => visit.send('hello'), { proxy: true })
      for (const path of ['/?a=1', '/?a=2', '/?a=3']) await site.ask({ path, ...question })
      for (const path of ['/?a=1', '/?a=2', '/?a=3']) expect((await site.ask({ path, ...question })).outcome).to.equal('hit; ttl=60')
    })
  }
})

describePages('The number of pages of one path that differ by their query', framework => {
  const ask = async (site: Site, query: string) => (await site.ask(`/${query}`)).outcome.split(';')[0]

  it('is bounded: the one kept longest ago makes room', async () => {
    const site = await framework.page({ ttl: '1m', maxQueries: 2 }, visit => visit.send('hello'))
    for (const query of ['?1', '?2', '?3']) await ask(site, query)
    for (const query of ['?3', '?2']) expect(await ask(site, query)).to.equal('hit')
    expect(await ask(site, '?1')).to.match(/miss/)
  })

  it('does not count the page without any', async () => {
    const site = await framework.page({ ttl: '1m', maxQueries: 1 }, visit => visit.send('hello'))
    for (const query of ['', '?1', '?2', '?3']) await ask(site, query)
    expect(await ask(site, '')).to.equal('hit')
  })

  it('is no more after a flood of parameters that are made up, which leaves what others read', async () => {
    const site = await framework.page({ ttl: '1m', maxQueries: 10 }, visit => visit.send('hello'))
    for (const query of ['?page=1', '?page=2', '?page=1', '?page=2']) await ask(site, query)
    for (let made = 0; made < 100; made++) {
      await ask(site, `?x=${made}`)
      if (made % 5 === 0) for (const query of ['?page=1', '?page=2']) expect(await ask(site, query)).to.equal('hit')
    }
    expect(site.heard('fill').length - site.heard('purge').length).to.equal(10)
  })

  it('counts what is left behind of pages that vary', async () => {
    const site = await framework.page({ ttl: '1m', maxQueries: 3, maxVariants: 3 }, visit => visit.set('Vary', 'X-Any').send('hello'))
    for (let made = 0; made < 20; made++) await ask(site, `?x=${made}`)
    // Of each of the last three a rule and a page.
    expect(site.heard('fill').length - site.heard('purge').length).to.equal(6)
  })

  for (const [option, value] of [
    ['maxVariants', 0],
    ['maxQueries', 1.5],
    ['maxQueries', '10'],
  ] as const) {
    it(`cannot be ${JSON.stringify(value)} as \`${option}\``, async () => {
      const start = async () => framework.page({ [option]: value }, visit => visit.send(''))
      const error = await start().catch((thrown: unknown) => String(thrown))
      expect(error).to.match(new RegExp(`^ConfigError: Expected \`${option}\` to be a whole number from 1, got`))
    })
  }
})
