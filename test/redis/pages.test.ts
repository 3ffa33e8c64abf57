import { expect } from 'chai'
import { Redis } from 'ioredis'
import type { Policy, Step } from '../pages/framework.js'
import { frameworks } from '../pages/frameworks.js'
import { closeSites, type Site } from '../pages/site.js'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { openStore } from './clients.js'

for (const framework of frameworks) {
  for (const near of [true, false]) {
    describe(`Pages on ${framework.name} in Redis, ${near ? 'with a near tier' : 'without a near tier'}`, () => {
      let redis: TestServer
      let client: Redis
      const sites: Site[] = []

      before(async function () {
        redis = await redisOrSkip(this)
        client = new Redis(redis.url)
      })

      afterEach(async () => {
        await closeSites()
        await Promise.all(sites.splice(0).map(({ cache }) => cache.close()))
      })

      after(() => {
        client?.disconnect()
        return redis?.stop()
      })

      const siteOf = async (policy: Policy, handler: Step) => {
        const site = await framework.page(policy, handler, { store: await openStore(client, 1, near ? {} : { near: false }) })
        sites.push(site)
        return site
      }

      const siteWith = (fields: Readonly<Record<string, string>>) =>
        siteOf({ honor: 'origin' }, visit => {
          const held = visit.request.headers['if-none-match']
          for (const [name, value] of Object.entries(fields)) visit.response.setHeader(name, value)
          const response = visit.raw()
          response.statusCode = held === '"a"' ? 304 : 200
          response.end(held === '"a"' ? undefined : 'hello')
        })

      it('RFC 9111, 4.2 and 5.1: are fresh for as long as they say, and as old as they were', async () => {
        const site = await siteWith({ 'Cache-Control': 'max-age=60', Age: '20' })
        await site.ask()
        await site.eventually(() => site.heard('fill').length === 1)
        const hit = await site.ask()
        expect([hit.text, hit.outcome, hit.headers['age']]).to.deep.equal(['hello', 'hit; ttl=40', '20'])
      })

      it('RFC 9111, 4.3: are revalidated, and freshened by a 304', async () => {
        const site = await siteWith({ 'Cache-Control': 'max-age=60', ETag: '"a"' })
        await site.ask()
        await site.eventually(() => site.heard('fill').length === 1)
        site.clock.advance('2m')
        const reply = await site.ask()
        expect([reply.status, reply.text, reply.outcome]).to.deep.equal([200, 'hello', 'fwd=stale; fwd-status=304; ttl=60'])
        await site.eventually(() => site.heard('fill').length === 2)
        expect((await site.ask()).outcome).to.equal('hit; ttl=60')
      })

      it('RFC 9111, 5.2.1.4: are made anew for who says no-cache, though they are fresh', async () => {
        const site = await siteWith({ 'Cache-Control': 'max-age=60' })
        await site.ask()
        await site.eventually(() => site.heard('fill').length === 1)
        expect((await site.ask({ headers: { 'Cache-Control': 'no-cache' } })).outcome).to.match(/^fwd/)
        expect(site.runs).to.equal(2)
      })

      it('are kept by what is asked in a body', async () => {
        const site = await siteOf({ ttl: '1m', methods: ['QUERY'] }, visit => visit.send('hello'))
        const ask = async (body: string) => (await site.ask({ method: 'QUERY', body })).outcome
        for (const body of ['1', '2']) {
          expect(await ask(body)).to.equal('fwd=uri-miss')
          await site.eventually(() => site.heard('fill').length === Number(body))
        }
        for (const body of ['1', '2']) expect(await ask(body)).to.equal('hit; ttl=60')
      })

      it('are compared with what their handlers answer, where a policy only shadows', async () => {
        const site = await siteOf({ ttl: '1m', mode: 'shadow' }, visit => visit.send(`hello ${visit.asked.get('cookie') ?? ''}`))
        const ask = async (visitor: string) => (await site.ask({ headers: { Cookie: `session=${visitor}` } })).outcome
        expect(await ask('a')).to.equal('fwd=bypass; detail=would-have-missed')
        await site.eventually(() => site.heard('fill').length === 1)
        expect(await ask('b')).to.equal('fwd=bypass; detail=would-have-leaked')
        expect(await ask('a')).to.equal('fwd=bypass; detail=would-have-hit')
      })

      it('RFC 9111, 4.4: end with a POST to what it names in Location', async () => {
        const site = await siteWith({ 'Cache-Control': 'max-age=60', Location: '/a' })
        await site.ask('/a')
        await site.eventually(() => site.heard('fill').length === 1)
        await site.ask({ method: 'POST', path: '/b', body: 'x' })
        expect((await site.ask('/a')).outcome).to.match(/^fwd/)
      })
    })
  }
}
