import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import type { OutgoingHttpHeaders } from 'node:http'
import type { Visit } from './framework.js'
import { describeHits } from './frameworks.js'

const languageOf = ({ request }: Visit) => String(request.headers['accept-language'])

describeHits('A page that says on what it varies', framework => {
  it('is kept by the headers it names', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', 'Accept-Language').send(`in ${languageOf(visit)}`))
    for (const outcome of ['miss', 'hit']) {
      for (const language of ['de', 'en', '']) {
        const reply = await site.ask({ headers: { 'Accept-Language': language } })
        expect(reply.text).to.equal(`in ${language}`)
        expect(reply.outcome).to.include(outcome)
      }
    }
    expect((await site.ask()).text).to.equal('in undefined')
    expect(site.runs).to.equal(4)
  })

  it('is a miss for its URL first, and then a miss of its variant', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', 'Accept-Language').send('hello'))
    const outcomes: string[] = []
    for (const language of ['de', 'en', 'de', 'en']) outcomes.push((await site.ask({ headers: { 'Accept-Language': language } })).outcome)
    expect(outcomes).to.deep.equal(['fwd=uri-miss', 'fwd=vary-miss', 'hit; ttl=60', 'hit; ttl=60'])
  })

  const differing: readonly (readonly [
    vary: string | readonly string[],
    first: OutgoingHttpHeaders,
    second: OutgoingHttpHeaders,
    same: boolean,
  ])[] = [
    ['X-A', { 'X-A': '' }, {}, false],
    ['X-A', { 'X-A': '1' }, { 'x-a': '1' }, true],
    ['x-a', { 'X-A': '1' }, { 'X-A': '2' }, false],
    ['X-A', { 'X-B': '1' }, { 'X-B': '2' }, true],
    ['X-A, X-B', { 'X-A': '1' }, { 'X-B': '1' }, false],
    ['X-A,,X-B,', { 'X-B': '1' }, { 'X-B': '2' }, false],
    [['X-A', 'X-B'], { 'X-B': '1' }, { 'X-B': '2' }, false],
    ['  X-B\t, X-A ', { 'X-A': '1' }, { 'X-A': '2' }, false],
    ['Cookie', { Cookie: 'a=1' }, { Cookie: 'a=2' }, false],
    ['Cookie', { Cookie: 'a=1' }, {}, false],
    ['', { 'X-A': '1' }, { 'X-A': '2' }, true],
    ['X-A', { 'X-A': '1,2' }, { 'X-A': ['1', '2'] }, false],
  ]
  for (const [vary, first, second, same] of differing) {
    it(`by Vary ${JSON.stringify(vary)} is ${same ? 'one' : 'two'} for ${JSON.stringify(first)} and ${JSON.stringify(second)}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', vary).send('hello'))
      await site.ask({ headers: first })
      await site.ask({ headers: second })
      expect(site.runs).to.equal(same ? 1 : 2)
    })
  }

  it('can name more with time', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      const vary = languageOf(visit) === 'de' ? 'Accept-Language, X-Device' : 'Accept-Language'
      visit.set('Vary', vary).send(`in ${languageOf(visit)} on ${String(visit.request.headers['x-device'])}`)
    })
    const ask = async (language: string, device: string) =>
      (await site.ask({ headers: { 'Accept-Language': language, 'X-Device': device } })).text
    for (let asked = 0; asked < 3; asked++) {
      expect(await ask('en', 'phone')).to.equal('in en on phone')
      for (const device of ['phone', 'desk']) expect(await ask('de', device)).to.equal(`in de on ${device}`)
    }
    const runs = site.runs
    for (const device of ['phone', 'desk']) await ask('de', device)
    await ask('en', 'phone')
    expect(site.runs).to.equal(runs)
  })

  it('forgets no variant when one of them expires', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', 'Accept-Language').send(`in ${languageOf(visit)}`))
    const ask = async (language: string) => (await site.ask({ headers: { 'Accept-Language': language } })).outcome
    await ask('de')
    site.clock.advance('30s')
    await ask('en')
    site.clock.advance('30s')
    expect(await ask('de')).to.equal('fwd=vary-miss')
    expect(await ask('en')).to.equal('hit; ttl=30')
  })

  it('is purged in all variants by its URL, and by its tag', async () => {
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, visit => visit.set('Vary', 'Accept-Language').send('hello'))
    const ask = async (language: string) => (await site.ask({ headers: { 'Accept-Language': language } })).outcome
    for (const target of [{ url: '/' }, 'posts']) {
      for (const language of ['de', 'en']) await ask(language)
      await site.cache.invalidate(target)
      for (const language of ['de', 'en']) expect(await ask(language)).to.match(/^fwd=(uri|vary)-miss$/)
    }
  })

  it('is made once for each variant when all are asked for at once, cold', async () => {
    const everybodyAsked = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      await everybodyAsked
      visit.set('Vary', 'Accept-Language').send(`in ${languageOf(visit)}`)
    })
    const languages = ['de', 'de', 'en', 'de', 'en', 'fr', 'de', 'fr']
    const asked = languages.map(language => site.ask({ headers: { 'Accept-Language': language } }))
    await site.arrivals(languages.length)
    expect(site.runs).to.equal(1)
    everybodyAsked.open()
    const replies = await Promise.all(asked)
    expect(replies.map(({ text }) => text)).to.deep.equal(languages.map(language => `in ${language}`))
    expect(site.runs).to.equal(3)
  })

  it('is made once for each variant also while the first is still being sent', async () => {
    const end = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      response.writeHead(200, { Vary: 'Accept-Language' })
      response.write('in ')
      await end
      response.end(languageOf(visit))
    })
    const first = site.ask({ headers: { 'Accept-Language': 'de' } })
    await site.eventually(() => site.runs === 1)
    const others = ['de', 'en', 'de', 'en'].map(language => site.ask({ headers: { 'Accept-Language': language } }))
    await site.arrivals(5)
    expect(site.runs).to.equal(2)
    end.open()
    expect((await Promise.all([first, ...others])).map(({ text }) => text)).to.deep.equal(['in de', 'in de', 'in en', 'in de', 'in en'])
    expect(site.runs).to.equal(2)
  })

  it('is made once for each variant also where the others came before its head', async () => {
    const head = gate()
    const end = gate()
    const site = await framework.page({ ttl: '1m' }, async visit => {
      const response = visit.raw()
      await head
      response.writeHead(200, { Vary: 'Accept-Language' })
      response.write('in ')
      await end
      response.end(languageOf(visit))
    })
    const languages = ['de', 'de', 'en', 'de', 'en']
    const asked = languages.map(language => site.ask({ headers: { 'Accept-Language': language } }))
    await site.arrivals(5)
    expect(site.runs).to.equal(1)
    head.open()
    await site.eventually(() => site.runs === 2)
    await site.arrivals(5)
    end.open()
    expect((await Promise.all(asked)).map(({ text }) => text)).to.deep.equal(languages.map(language => `in ${language}`))
    expect(site.runs).to.equal(2)
  })

  it('never hands one variant to those who asked for another, whatever the order', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', 'Accept-Language').send(`in ${languageOf(visit)}`))
    for (let round = 0; round < 5; round++) {
      const languages = ['de', 'en', 'fr', 'de', 'en', 'fr', 'de', 'en', 'fr']
      const replies = await Promise.all(languages.map(language => site.ask({ headers: { 'Accept-Language': language } })))
      expect(replies.map(({ text }) => text)).to.deep.equal(languages.map(language => `in ${language}`))
      await site.cache.invalidate({ url: '/' })
    }
  })

  it('with bytes of an encoding, and no Vary for it, is kept for that Accept-Encoding alone', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Content-Encoding', 'x-own').send('hello'))
    await site.ask({ headers: { 'Accept-Encoding': 'x-own' } })
    await site.ask({ headers: { 'Accept-Encoding': 'gzip' } })
    await site.ask({ headers: { 'Accept-Encoding': 'x-own' } })
    expect(site.runs).to.equal(2)
  })
})
