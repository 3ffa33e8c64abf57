import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { ConfigError, createCache, memoryStore, type AnyVisit, type FragmentOptions } from 'smart-cache'
import { fakeClock, gate } from 'smart-cache/testing'
import { nextSignal } from '../cache/next-signal.js'
import type { Visit } from '../pages/framework.js'
import { describePages } from '../pages/frameworks.js'
import type { Site } from '../pages/site.js'
import { STORES } from '../races/stores.js'

const whoseOf = ({ headers }: AnyVisit) => `<b>${String(headers['x-visitor'])}</b>`
const tokenOf = async ({ headers }: AnyVisit) => {
  await turn()
  return `token of ${String(headers['x-visitor'])}`
}
const as = (visitor: string) => ({ headers: { 'X-Visitor': visitor } })
const text = (visitor: string) => `[<b>${visitor}</b> ü token of ${visitor}<b>${visitor}</b>]`

describePages('A hole inside a fragment', framework => {
  for (const [name, store] of Object.entries(STORES)) {
    async function started(make: (visit: Visit, site: Site, rendered: () => void) => Promise<string | Buffer>) {
      const counts = { renders: 0 }
      const site: Site = await framework.page(
        { ttl: '1h', tags: ['page'] },
        async visit => visit.send(await make(visit, site, () => void counts.renders++)),
        { store: store() },
      )
      return { site, counts }
    }
    const ways: Readonly<Record<string, (visit: Visit, site: Site, rendered: () => void) => Promise<string | Buffer>>> = {
      'that is rendered to a text': (visit, { cache }, rendered) =>
        cache.fragment('part', {}, () => {
          rendered()
          const whose = visit.cache.hole('whose', whoseOf)
          return `[${whose} ü ${cache.hole('token', tokenOf)}${whose}]`
        }),
      'that is rendered to bytes': (_visit, { cache }, rendered) =>
        cache.fragment('part', {}, async () => {
          rendered()
          const whose = cache.hole('whose', whoseOf)
          await turn()
          return Buffer.from(`[${whose} ü ${cache.hole('token', tokenOf)}${whose}]`)
        }),
      'that lies in another': (_visit, { cache }, rendered) =>
        cache.fragment('outer', {}, async () => {
          rendered()
          const whose = () => cache.fragment('inner', {}, () => cache.hole('whose', whoseOf))
          return `[${await whose()} ü ${cache.hole('token', tokenOf)}${await whose()}]`
        }),
      'of a list': async (_visit, { cache }, rendered) => {
        const fills = { whose: whoseOf, token: tokenOf }
        const items = ['whose', 'token'] as const
        const [whose, token] = await cache.fragments('item', items, {}, item => cache.hole(item, fills[item]))
        rendered()
        return `[${whose} ü ${token}${whose}]`
      },
    }
    for (const [what, make] of Object.entries(ways)) {
      it(`${what}, in ${name}, is each visitor’s own in every page that it is kept for`, async () => {
        const { site, counts } = await started(make)
        for (const path of ['/one', '/two', '/one']) {
          for (const visitor of ['Ann', 'Bea']) expect((await site.ask({ path, ...as(visitor) })).text).to.equal(text(visitor))
        }
        await site.cache.invalidate('page')
        expect((await site.ask({ path: '/one', ...as('Cid') })).text).to.equal(text('Cid'))
        expect(site.runs).to.equal(3)
        if (what !== 'of a list') expect(counts.renders).to.equal(1)
      })
    }

    it(`is, in ${name}, each visitor’s own for all who wait for it`, async () => {
      const data = gate()
      const { site, counts } = await started((_visit, { cache }, rendered) =>
        cache.fragment('part', {}, async () => {
          rendered()
          await data
          const whose = cache.hole('whose', whoseOf)
          return `[${whose} ü ${cache.hole('token', tokenOf)}${whose}]`
        }),
      )
      const visitors = Array.from({ length: 20 }, (_, number) => `visitor ${number}`)
      const all = Promise.all(visitors.map(async visitor => (await site.ask({ path: `/${visitor.slice(8)}`, ...as(visitor) })).text))
      await site.arrivals(visitors.length)
      data.open()
      expect(await all).to.deep.equal(visitors.map(text))
      expect([counts.renders, site.runs]).to.deep.equal([1, visitors.length])
    })
  }

  const kept = async (options: FragmentOptions, settings = {}) => {
    let renders = 0
    const site: Site = await framework.site(app => {
      app.use(app.smartCache())
      app.use(app.cachePage({ ttl: 0 }))
      app.handle(async visit =>
        visit.send(await site.cache.fragment('part', options, () => `${++renders} ${site.cache.hole('whose', whoseOf)}`)),
      )
    }, settings)
    const ask = async (visitor: string) => (await site.ask({ headers: { 'X-Visitor': visitor, Host: 'shop.example' } })).text
    return { site, ask }
  }

  it('is filled in one that is served stale while it is rendered behind', async () => {
    const { site, ask } = await kept({ ttl: '1m', grace: '1h' })
    expect(await ask('Ann')).to.equal('1 <b>Ann</b>')
    site.clock.advance('2m')
    expect(await ask('Bea')).to.equal('1 <b>Bea</b>')
    await site.eventually(() => site.heard('fill').length === 2)
    expect(await ask('Cid')).to.equal('2 <b>Cid</b>')
  })

  it('is filled in one that is not kept, of which `when` is told without what stands for holes', async () => {
    const told: unknown[] = []
    const { ask } = await kept({ when: html => (told.push(html), false) })
    expect([await ask('Ann'), await ask('Bea')]).to.deep.equal(['1 <b>Ann</b>', '2 <b>Bea</b>'])
    expect(told).to.deep.equal(['1 ', '2 '])
  })

  it('has the fragment rendered where it is not known what fills it, and nobody else’s ended', async () => {
    const store = memoryStore()
    const [one, two] = [await kept({}, { store }), await kept({}, { store })]
    expect([await one.ask('Ann'), await two.ask('Bea'), await one.ask('Cid'), await two.ask('Dan')]).to.deep.equal([
      '1 <b>Ann</b>',
      '1 <b>Bea</b>',
      '1 <b>Cid</b>',
      '1 <b>Dan</b>',
    ])
  })

  it('can be the nonce, the same as in the head of each answer', async () => {
    const site: Site = await framework.page({ ttl: '1h' }, async visit => {
      visit.set('Content-Security-Policy', `script-src 'nonce-${visit.cache.nonce()}'`)
      visit.send(await site.cache.fragment('script', {}, () => `<script nonce="${site.cache.nonce()}">`))
    })
    const nonces = new Set<string>()
    for (let asked = 0; asked < 3; asked++) {
      const { text: body, headers } = await site.ask()
      const [, nonce = ''] = /nonce="([\w-]{20,})"/.exec(body) ?? []
      expect(headers['content-security-policy']).to.equal(`script-src 'nonce-${nonce}'`)
      nonces.add(nonce)
    }
    expect([nonces.size, site.runs]).to.deep.equal([3, 1])
  })

  it('is refused if it was made outside of it, for it would be of nobody in the next page', async () => {
    for (const make of [
      (visit: Visit, { cache }: Site) => {
        const whose = visit.cache.hole('whose', whoseOf)
        return cache.fragment('part', {}, () => `[${whose}]`)
      },
      (_visit: Visit, { cache }: Site) =>
        cache.fragment('outer', {}, async () => {
          const whose = cache.hole('whose', whoseOf)
          return `${whose}${await cache.fragment('inner', {}, () => `[${whose}]`)}`
        }),
    ]) {
      const site: Site = await framework.page({ ttl: '1h' }, async visit => visit.send(await make(visit, site)))
      expect((await site.ask(as('Ann'))).status).to.equal(500)
      expect(site.errors[0])
        .to.be.instanceOf(ConfigError)
        .with.property('message')
        .that.includes('was made outside of it: call hole() in the function that renders')
    }
  })

  it('is refused by the innermost fragment that it stands in, so that none is kept with it', async () => {
    const site: Site = await framework.page({ ttl: 0 }, async visit => {
      const whose = visit.cache.hole('whose', whoseOf)
      visit.send(await site.cache.fragment('outer', {}, () => site.cache.fragment('inner', {}, () => `[${whose}]`)))
    })
    for (let asked = 0; asked < 2; asked++) {
      expect((await site.ask(as('Ann'))).status).to.equal(500)
      expect(site.errors[asked])
        .to.be.instanceOf(ConfigError)
        .with.property('message')
        .that.includes('"inner" has a hole that was made outside')
    }
  })

  it('is refused where the fragment itself lies in a value that is kept', async () => {
    const site: Site = await framework.page({ ttl: '1h' }, async visit =>
      visit.send(await site.cache.getOrSet('value', () => site.cache.fragment('part', {}, () => site.cache.hole('whose', whoseOf)))),
    )
    expect((await site.ask(as('Ann'))).status).to.equal(500)
    expect(site.errors[0]).to.be.instanceOf(ConfigError).with.property('message').that.includes('make it in the handler or in a fragment')
  })
})

describe('A hole inside a fragment that is in no page', () => {
  it('is refused, with what to do', async () => {
    const cache = createCache()
    const failure = await cache.fragment('part', {}, () => cache.hole('whose', whoseOf)).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(ConfigError).with.property('message').that.includes('needs a page')
  })
})

describe('What lies under the key of a fragment and is none', () => {
  it('is as good as nothing', async () => {
    for (const foreign of [null, 7, ['a'], { parts: 'a' }, { parts: ['a', 'b'], holes: [] }, { parts: [7], holes: [] }]) {
      let key = ''
      const store = memoryStore()
      const cache = createCache({ store })
      cache.on('fill', event => (key = event.key))
      const rendered = () => cache.fragment('part', {}, () => 'rendered')
      await rendered()
      const { entry } = await store.read(key, Date.now(), false)
      await store.put({ ...(entry ?? expect.fail('nothing was kept')), value: foreign })
      expect(await rendered()).to.equal('rendered')
    }
  })

  it('is not served either while a rendering takes longer than its softTimeout', async () => {
    const options = { ttl: '1m', staleIfError: '1h', softTimeout: 5, template: 'part' } as const
    const [store, clock, done] = [memoryStore(), fakeClock(), gate()]
    const cache = createCache({ store, clock })
    const filled = nextSignal(cache, 'fill')
    await cache.fragment('part', options, () => 'first')
    const { entry } = await store.read((await filled).key, clock.now(), false)
    await store.put({ ...(entry ?? expect.fail('nothing was kept')), value: 7 })
    clock.advance('2m')
    const slow = async () => {
      await done
      return 'rendered'
    }
    const asked = [cache.fragment('part', options, slow), cache.fragment('part', options, slow)]
    setTimeout(() => done.open(), 15)
    expect(await Promise.all(asked)).to.deep.equal(['rendered', 'rendered'])
  })
})
