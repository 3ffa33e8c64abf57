import { expect } from 'chai'
import { Redis } from 'ioredis'
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

      it('are compared with what their handlers answer, where a policy only shadows', async () => {
        const site = await framework.page({ ttl: '1m', mode: 'shadow' }, visit => visit.send(`hello ${visit.asked.get('cookie') ?? ''}`), {
          store: await openStore(client, 1, near ? {} : { near: false }),
        })
        sites.push(site)
        const ask = async (visitor: string) => (await site.ask({ headers: { Cookie: `session=${visitor}` } })).outcome
        expect(await ask('a')).to.equal('fwd=bypass; detail=would-have-missed')
        await site.eventually(() => site.heard('fill').length === 1)
        expect(await ask('b')).to.equal('fwd=bypass; detail=would-have-leaked')
        expect(await ask('a')).to.equal('fwd=bypass; detail=would-have-hit')
      })
    })
  }
}
