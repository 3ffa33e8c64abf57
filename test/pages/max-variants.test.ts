import { expect } from 'chai'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'

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

  const headers = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'shop.example' }
  for (const [where, question] of Object.entries({ directly: {}, 'through a proxy': { headers } })) {
    it(`does not count pages, asked for ${where}, that differ by their query alone`, async () => {
      const site = await framework.page({ ttl: '1m', maxVariants: 1 }, visit => visit.send('hello'), { proxy: true })
      for (const path of ['/?a=1', '/?a=2', '/?a=3']) await site.ask({ path, ...question })
      for (const path of ['/?a=1', '/?a=2', '/?a=3']) expect((await site.ask({ path, ...question })).outcome).to.equal('hit; ttl=60')
    })
  }
})
