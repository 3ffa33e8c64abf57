import { expect } from 'chai'
import { ConfigError, memoryStore } from 'smart-cache'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'
import type { Site } from './site.js'

describePages('A permanent page', framework => {
  const site = (policy: Policy) => framework.page({ ttl: '1h', permanent: true, tags: ['posts'], ...policy }, visit => visit.send('hello'))

  const automatic: Readonly<Record<string, (opened: Site) => Promise<unknown>>> = {
    'by its tag': opened => opened.cache.invalidate('posts'),
    'by its URL': opened => opened.cache.invalidate({ url: '/' }),
    'by a signal': opened => {
      opened.cache.invalidateOn('post', () => 'posts')
      return opened.cache.signals.saved('post', { after: { id: 1 } })
    },
    'by an unsafe request': opened => opened.ask({ method: 'DELETE' }),
  }
  for (const [by, purge] of Object.entries(automatic)) {
    for (const policy of [{}, { statuses: { 200: '1h' } }, { honor: 'origin' }] as const) {
      it(`outlives a purge ${by}, with ${JSON.stringify(policy)}`, async () => {
        const opened = await site(policy)
        await opened.ask()
        await purge(opened)
        expect((await opened.ask()).outcome).to.equal('hit; ttl=3600')
      })
    }
  }

  it('ends when that is said, with its ttl, and with everything', async () => {
    const opened = await site({})
    const ends = [
      () => opened.cache.invalidate('posts', { permanent: true }),
      () => opened.cache.invalidate({ url: '/' }, { permanent: true }),
      async () => opened.clock.advance('1h'),
      () => opened.cache.clear(),
    ]
    for (const end of ends) {
      await opened.ask()
      expect((await opened.ask()).outcome).to.match(/^hit/)
      await end()
      expect((await opened.ask()).outcome).to.equal('fwd=uri-miss')
    }
  })

  it('says its tags to caches further out as any other', async () => {
    const opened = await site({ tagHeaders: ['Cache-Tag'] })
    for (let asked = 0; asked < 2; asked++) expect((await opened.ask()).headers['cache-tag']).to.equal('posts')
  })
})

describePages('The version of a policy', framework => {
  it('is a part of the keys of its pages: what was kept under another is not found', async () => {
    const store = memoryStore()
    const runs = async (policy: Policy) => {
      const site = await framework.page({ ttl: '1h', ...policy }, visit => visit.send('hello'), { store })
      for (let asked = 0; asked < 2; asked++) await site.ask({ headers: { Host: 'shop.example' } })
      return site.runs
    }
    for (const policy of [{}, { version: 1 }, { version: 2 }, { version: 'a' }]) expect(await runs(policy)).to.equal(1)
    for (const policy of [{}, { version: 1 }, { version: '2' }, { version: 'a' }]) expect(await runs(policy)).to.equal(0)
  })

  for (const version of ['', 'a b', Number.NaN, true, null]) {
    it(`is refused as ${JSON.stringify(version)}`, async () => {
      await framework.site(app => {
        expect(() => app.cachePage({ version: version as string })).to.throw(ConfigError, 'Expected `version` to be')
      })
    })
  }
})
