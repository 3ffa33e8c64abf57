import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import { describeHits } from './frameworks.js'
import { distantStore, storeWith } from './stores.js'

describeHits('Pages in a store that has nothing at hand', framework => {
  it('are kept, served, and purged', async () => {
    const site = await framework.page({ ttl: '1m', tags: ['posts'] }, visit => visit.send('hello'), { store: distantStore() })
    await site.ask()
    await site.eventually(() => site.heard('fill').length === 1)
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal('hit; ttl=60')
    await site.cache.invalidate('posts')
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
    expect(site.runs).to.equal(2)
  })

  it('are kept by what they say they vary on', async () => {
    const site = await framework.page(
      { ttl: '1m' },
      visit => visit.set('Vary', 'Accept-Language').send(`in ${String(visit.request.headers['accept-language'])}`),
      { store: distantStore() },
    )
    for (let round = 0; round < 3; round++) {
      for (const language of ['de', 'en', 'fr']) {
        expect((await site.ask({ headers: { 'Accept-Language': language } })).text).to.equal(`in ${language}`)
        await site.eventually(() => site.heard('fill').filter(({ key }) => key.includes(`"${language}"`)).length > 0)
      }
    }
    expect(site.runs).to.equal(3)
  })

  it('are kept by a list of names that grows', async () => {
    const site = await framework.page(
      { ttl: '1m' },
      visit => {
        const { 'accept-language': language, 'x-device': device } = visit.request.headers
        visit.set('Vary', language === 'de' ? 'Accept-Language, X-Device' : 'Accept-Language').send(`${language} ${String(device)}`)
      },
      { store: distantStore() },
    )
    for (let round = 0; round < 4; round++) {
      for (const [language, device] of [
        ['en', 'phone'],
        ['de', 'phone'],
        ['de', 'desk'],
      ]) {
        const fills = site.heard('fill').length
        const reply = await site.ask({ headers: { 'Accept-Language': language, 'X-Device': device } })
        expect(reply.text).to.equal(`${language} ${device}`)
        if (!reply.outcome.startsWith('hit')) await site.eventually(() => site.heard('fill').length > fills)
      }
    }
    expect(site.runs).to.be.lessThan(6)
  })

  it('are made once for many who ask at once', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), { store: distantStore() })
    const replies = await Promise.all(Array.from({ length: 20 }, () => site.ask()))
    expect(replies.every(({ text }) => text === 'hello')).to.equal(true)
    expect(site.runs).to.equal(1)
  })

  it('are served stale while one refresh goes on', async () => {
    let version = 1
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.send(`version ${version}`), { store: distantStore() })
    await site.ask()
    await site.eventually(() => site.heard('fill').length === 1)
    version = 2
    site.clock.advance('2m')
    expect((await site.ask()).text).to.equal('version 1')
    await site.eventually(() => site.heard('fill').length === 2)
    expect((await site.ask()).text).to.equal('version 2')
  })

  it('are kept by a refresh whose response has closed before the store has answered', async () => {
    let hold = false
    const stored = gate()
    const store = storeWith(memory => ({
      peek: () => undefined,
      fill: async (...args) => {
        if (hold) await stored
        return memory.fill(...args)
      },
    }))
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit => visit.send('hello'), { store })
    await site.ask()
    await site.eventually(() => site.heard('fill').length === 1)
    hold = true
    site.clock.advance('2m')
    await site.ask()
    await site.eventually(() => site.runs === 2)
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
    stored.open()
    await site.eventually(() => site.heard('fill').length === 2)
    expect(site.heard('refuse')).to.deep.equal([])
  })
})

describeHits('When the store fails', framework => {
  const away = () => Promise.reject(new Error('store away'))

  it('to read, pages pass, each from its handler', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), { store: storeWith(() => ({ read: away })) })
    for (const run of [1, 2]) {
      const reply = await site.ask()
      expect([reply.text, reply.outcome]).to.deep.equal(['hello', 'fwd=bypass; detail=store'])
      expect(site.runs).to.equal(run)
    }
    expect(site.heard('error').map(({ operation }) => operation)).to.deep.equal(['store', 'store'])
  })

  it('to fill, pages are answered, to all who wait', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), { store: storeWith(() => ({ fill: away })) })
    const replies = await Promise.all(Array.from({ length: 5 }, () => site.ask()))
    expect(replies.every(({ status, text }) => status === 200 && text === 'hello')).to.equal(true)
    expect(site.heard('error').length).to.be.greaterThan(0)
  })

  it('to note on what a page varies, the page is answered, and not kept for others', async () => {
    const site = await framework.page(
      { ttl: '1m' },
      visit => visit.set('Vary', 'Accept-Language').send(`in ${String(visit.request.headers['accept-language'])}`),
      { store: storeWith(() => ({ put: away })) },
    )
    for (const language of ['de', 'en', 'de']) {
      expect((await site.ask({ headers: { 'Accept-Language': language } })).text).to.equal(`in ${language}`)
    }
  })

  it('to lend the right to fill, pages pass, each from its handler', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'), {
      store: storeWith(memory => ({ read: (key, now) => memory.read(key, now, false) })),
    })
    expect((await site.ask()).outcome).to.equal('fwd=bypass; detail=lease')
    expect((await site.ask()).text).to.equal('hello')
  })
})
