import { expect } from 'chai'
import { describePages } from '../pages/frameworks.js'

/** Spellings of one URL (RFC 3986, 6.2.2): a program takes them for the same, so a purge of one is a purge of all. */
const SPELLINGS: readonly (readonly [purged: string, kept: string])[] = [
  ['/posts/7', '/posts/%37'],
  ['/posts/%37', '/posts/7'],
  ['/posts/caf%C3%A9', '/posts/caf%c3%a9'],
  ['/posts/caf%c3%a9', '/posts/caf%C3%A9'],
  ['/posts/a~b', '/posts/a%7Eb'],
  ['/posts/7?tag=a-b', '/posts/7?tag=a%2db'],
  ['/posts/7?tag=a', '/posts/7?t%61g=a'],
  ['/posts/7?tag=%C3%A9', '/posts/7?tag=%c3%a9'],
]

describePages('A page that is purged by its URL', framework => {
  for (const [purged, kept] of SPELLINGS) {
    it(`is served no more under another spelling: ${kept} for ${purged}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`made in run ${site.runs}`))
      await site.ask(kept)
      await site.cache.invalidate({ url: purged })
      expect((await site.ask(kept)).text).to.equal('made in run 2')
    })

    it(`is served no more under another spelling, by a request that changed it: ${kept} for ${purged}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`made in run ${site.runs}`))
      await site.ask(kept)
      await site.ask({ method: 'PUT', path: purged })
      expect((await site.ask(kept)).text).to.equal('made in run 3')
    })
  }

  for (const [purged, kept] of [
    ['/a/b', '/a%2Fb'],
    ['/a?b=c', '/a%3Fb=c'],
    ['/a?b=1&c=2', '/a?b=1%26c=2'],
    ['/a b'.replace(' ', '%20'), '/a+b'],
    ['/a%25', '/a%2525'],
  ] as const) {
    it(`is not, if the URL means another: ${kept} for ${purged}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`made in run ${site.runs}`))
      await site.ask(kept)
      await site.cache.invalidate({ url: purged })
      expect((await site.ask(kept)).text).to.equal('made in run 1')
    })
  }
})
