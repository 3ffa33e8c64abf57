import { expect } from 'chai'
import type { Store } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { describePages } from '../pages/frameworks.js'
import { storeWith } from '../stores/store-with.js'
import { sent, settled, visitorOf } from './visitor.js'

const refused = () => Promise.reject(new Error('no connection'))

describePages('A page that varies, in a store', framework => {
  it('that has nothing at hand, is kept and found', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', 'X-Visitor').send(`the page of ${visitorOf(visit)}`), {
      store: storeWith(() => ({ peek: () => undefined })),
    })
    for (let turn = 0; turn < 2; turn++) {
      for (const visitor of ['ann', 'bob']) {
        expect((await site.ask({ headers: { 'X-Visitor': visitor } })).text).to.equal(`the page of ${visitor}`)
      }
    }
    expect(site.runs).to.equal(2)
  })

  it('that has nothing at hand, is kept for all that it was ever found to vary on', async () => {
    const site = await framework.page(
      { ttl: '1m' },
      visit => {
        const name = site.runs % 2 === 1 ? 'X-Visitor' : 'X-Language'
        visit.set('Vary', name).send(`for ${sent(visit, name.toLowerCase())}`)
      },
      { store: storeWith(() => ({ peek: () => undefined })) },
    )
    for (let turn = 0; turn < 3; turn++) {
      for (const visitor of ['ann', 'bob']) {
        for (const language of ['de', 'en']) {
          const { text } = await site.ask({ headers: { 'X-Visitor': visitor, 'X-Language': language } })
          expect([`for ${visitor}`, `for ${language}`]).to.include(text)
        }
      }
    }
    expect(site.runs).to.be.at.most(6)
  })

  const failing: Readonly<Record<string, (inner: Store) => Partial<Store>>> = {
    'keep what it varies on': () => ({ put: refused }),
    'be asked for its variant': inner => ({
      read: (key, now, toFill) => (key.includes('"vary"') ? refused() : inner.read(key, now, toFill)),
    }),
    'keep it': () => ({ fill: refused }),
  }
  for (const [what, changes] of Object.entries(failing)) {
    it(`that cannot ${what}, is answered all the same, and announced`, async () => {
      const site = await framework.page({ ttl: '1m', waitTimeout: '2s' }, visit => visit.set('Vary', 'X-Visitor').send('hello'), {
        store: storeWith(changes),
      })
      for (let turn = 0; turn < 3; turn++) {
        const replies = await Promise.all([site.ask(), site.ask()])
        for (const { text } of replies) expect(text).to.equal('hello')
      }
      expect(site.heard('error')).not.to.have.length(0)
    })

    it(`that cannot ${what} while the body is on its way, is answered all the same`, async () => {
      const held = gate()
      const site = await framework.page(
        { ttl: '1m', waitTimeout: '2s' },
        async visit => {
          const raw = visit.raw()
          raw.setHeader('Vary', 'X-Visitor')
          raw.write('hello')
          await held
          raw.end()
        },
        { store: storeWith(changes) },
      )
      const first = site.ask()
      await settled()
      held.open()
      expect((await first).text).to.equal('hello')
      expect((await site.ask()).text).to.equal('hello')
    })
  }
})

describePages('A page that is let go while it moves to what it varies on', framework => {
  for (const way of ['never', 'abort', 'end'] as const) {
    it(`keeps nobody waiting: ${way}`, async () => {
      const held = gate()
      const begun = gate()
      const store = storeWith(inner => ({
        release: async (key, lease) => {
          begun.open()
          await held
          await inner.release(key, lease)
        },
      }))
      const site = await framework.page(
        { ttl: '1m', waitTimeout: '1h' },
        async visit => {
          const raw = visit.raw()
          raw.setHeader('Vary', 'X-Visitor')
          raw.write('hello')
          if (site.runs > 1) return raw.end()
          await begun
          if (way === 'never') visit.cache.never()
          if (way === 'abort') raw.destroy()
          return raw.end()
        },
        { store },
      )
      await site.ask().catch(() => undefined)
      await settled()
      held.open()
      await settled()
      expect((await site.ask()).text).to.equal('hello')
    })
  }
})

describePages('A page that varies and was purged softly', framework => {
  it('is served stale while it is refreshed, to each visitor the own one', async () => {
    const site = await framework.page({ ttl: '10m', grace: '1h' }, visit =>
      visit.set('Vary', 'X-Visitor').send(`the page of ${visitorOf(visit)}, made in run ${site.runs}`),
    )
    const ask = async (visitor: string) => (await site.ask({ headers: { 'X-Visitor': visitor } })).text
    expect(await ask('ann')).to.equal('the page of ann, made in run 1')
    expect(await ask('bob')).to.equal('the page of bob, made in run 2')
    await site.cache.invalidate({ url: '/' }, { soft: true })
    expect(await ask('ann')).to.equal('the page of ann, made in run 1')
    expect(await ask('bob')).to.match(/^the page of bob, made in run [24]$/)
    await settled()
    expect(await ask('ann')).to.match(/^the page of ann, made in run [34]$/)
  })
})
