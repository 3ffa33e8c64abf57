import { expect } from 'chai'
import { gate, type Gate } from 'smart-cache/testing'
import { describePages } from '../pages/frameworks.js'
import type { Visit } from '../pages/framework.js'
import type { Reply, Site } from '../pages/site.js'
import { settled } from './visitor.js'

interface Held {
  readonly name: string
  readonly answer: Gate<string>
}

function asked(site: Site, name: string, language = 'en'): Promise<Reply> {
  return site.ask({ headers: { Cookie: `session=${name}`, 'Accept-Language': language, 'X-Name': name } })
}

/** A page whose handlers wait until each is told what to vary on. */
describePages('While requests are under way', framework => {
  async function pageWithHeldHandlers(): Promise<{ readonly site: Site; held(name: string): Promise<Held> }> {
    const waiting: Held[] = []
    const site = await framework.page({ ttl: '1m', waitTimeout: '1h' }, async (visit: Visit) => {
      const { cookie, 'x-name': name, 'accept-language': language } = visit.request.headers
      const answer = gate<string>()
      waiting.push({ name: String(name), answer })
      const vary = await answer
      if (vary !== '') visit.set('Vary', vary)
      visit.send(/cookie/i.test(vary) ? `for ${cookie}` : /language/i.test(vary) ? `in ${language}` : 'for all')
    })
    const held = async (name: string) => {
      for (;;) {
        const at = waiting.findIndex(each => each.name === name)
        const [found] = at === -1 ? [] : waiting.splice(at, 1)
        if (found !== undefined) return found
        await settled()
      }
    }
    return { site, held }
  }

  it('a page that turns out to vary is for none of those who waited', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const ann = asked(site, 'ann')
    const ofAnn = await held('ann')
    const [bob, cid] = [asked(site, 'bob'), asked(site, 'cid')]
    await settled()
    ofAnn.answer.open('Cookie')
    expect((await ann).text).to.equal('for session=ann')
    for (const name of ['bob', 'cid']) (await held(name)).answer.open('cookie')
    expect((await bob).text).to.equal('for session=bob')
    expect((await cid).text).to.equal('for session=cid')
    for (const name of ['ann', 'bob', 'cid']) expect((await asked(site, name)).text).to.equal(`for session=${name}`)
    expect(site.runs).to.equal(3)
  })

  it('a page that varies on more by now is not found by less', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const first = asked(site, 'ann', 'de')
    ;(await held('ann')).answer.open('Accept-Language')
    expect((await first).text).to.equal('in de')
    const [bob, cid] = [asked(site, 'bob', 'fr'), asked(site, 'cid', 'it')]
    const [ofBob, ofCid] = [await held('bob'), await held('cid')]
    ofBob.answer.open('Cookie, Accept-Language')
    expect((await bob).text).to.equal('for session=bob')
    // This one began before, and knows nothing of cookies.
    ofCid.answer.open('Accept-Language')
    expect((await cid).text).to.equal('in it')
    const dan = asked(site, 'dan', 'fr')
    ;(await held('dan')).answer.open('Cookie')
    expect((await dan).text).to.equal('for session=dan')
    expect((await asked(site, 'bob', 'fr')).text).to.equal('for session=bob')
  })

  it('two pages that vary on different things are told apart by both', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const ann = asked(site, 'ann', 'de')
    const ofAnn = await held('ann')
    // A purge in between: those who come now do not wait for what began before it.
    await site.cache.invalidate({ url: '/' })
    const bob = asked(site, 'bob', 'fr')
    const ofBob = await held('bob')
    ofBob.answer.open('Cookie')
    expect((await bob).text).to.equal('for session=bob')
    ofAnn.answer.open('Accept-Language')
    expect((await ann).text).to.equal('in de')
    const cid = asked(site, 'cid', 'de')
    ;(await held('cid')).answer.open('Cookie')
    expect((await cid).text).to.equal('for session=cid')
    const dan = asked(site, 'dan', 'de')
    ;(await held('dan')).answer.open('Accept-Language')
    expect((await dan).text).to.equal('in de')
    expect((await asked(site, 'cid', 'de')).text).to.equal('for session=cid')
  })

  it('a page that no longer varies is for those alone who would have got it before', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const ann = asked(site, 'ann')
    ;(await held('ann')).answer.open('Cookie')
    await ann
    const bob = asked(site, 'bob')
    ;(await held('bob')).answer.open('')
    expect((await bob).text).to.equal('for all')
    expect((await asked(site, 'ann')).text).to.equal('for session=ann')
    expect((await asked(site, 'bob')).text).to.equal('for all')
  })

  it('a purge while a page turns out to vary keeps it from being kept', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const ann = asked(site, 'ann')
    const ofAnn = await held('ann')
    await site.cache.invalidate({ url: '/' })
    ofAnn.answer.open('Cookie')
    expect((await ann).text).to.equal('for session=ann')
    await settled()
    const again = asked(site, 'ann')
    ;(await held('ann')).answer.open('Cookie')
    await again
    expect(site.runs).to.equal(2)
  })

  it('a page that varies on what those who waited have in common is made for them once', async () => {
    const { site, held } = await pageWithHeldHandlers()
    const ann = asked(site, 'ann', 'de')
    const ofAnn = await held('ann')
    const others = ['bob', 'cid', 'dan'].map(name => asked(site, name, 'de'))
    await settled()
    ofAnn.answer.open('Accept-Language')
    for (const { text } of await Promise.all([ann, ...others])) expect(text).to.equal('in de')
    expect(site.runs).to.equal(1)
  })
})
