import { expect } from 'chai'
import { createCache, memoryStore, type Cache } from 'smart-cache'

describe('A namespace', () => {
  const families: Readonly<Record<string, () => readonly Cache[]>> = {
    'beside another': () => {
      const cache = createCache()
      return [cache.namespace('a'), cache.namespace('b')]
    },
    'beside the root': () => {
      const cache = createCache()
      return [cache, cache.namespace('a')]
    },
    'inside another': () => {
      const outer = createCache().namespace('a')
      return [outer, outer.namespace('b')]
    },
    'whose name begins as another’s': () => {
      const cache = createCache()
      return [cache.namespace('a'), cache.namespace('ab')]
    },
    'of another cache over the same store': () => {
      const store = memoryStore()
      return [createCache({ store, namespace: 'a' }), createCache({ store, namespace: 'b' })]
    },
  }
  for (const [where, make] of Object.entries(families)) {
    for (const order of ['', ' (the other way round)']) {
      it(`${where} shares neither keys, tags, prefixes nor patterns with it${order}`, async () => {
        const [one, other] = (order === '' ? make() : make().toReversed()) as [Cache, Cache]
        await one.set('k', 'one', { tags: ['t'] })
        await other.set('k', 'other', { tags: ['t'] })
        for (const target of ['t', { key: 'k' }, { keys: ['k'] }, { prefix: 'k' }, { pattern: '*' }, { url: '/k' }] as const) {
          await other.invalidate(target)
          expect(await one.get('k')).to.equal('one')
        }
        expect(await other.get('k')).to.equal(undefined)
      })
    }
  }

  it('is the same whichever way it is reached', async () => {
    const cache = createCache()
    await cache.namespace('a').namespace('b').set('k', 'v')
    expect(await cache.namespace('a').namespace('b').get('k')).to.equal('v')
    const store = memoryStore()
    await createCache({ store, namespace: 'a' }).set('k', 'v')
    expect(await createCache({ store }).namespace('a').get('k')).to.equal('v')
  })

  it('purges its own by tag, prefix and pattern', async () => {
    const cache = createCache().namespace('a')
    for (const target of ['t', { key: 'k' }, { prefix: 'k' }, { pattern: '*' }] as const) {
      await cache.set('k', 'v', { tags: ['t'] })
      await cache.invalidate(target)
      expect(await cache.get('k')).to.equal(undefined)
    }
  })
})

describe('clear', () => {
  it('of the root ends everything', async () => {
    const cache = createCache()
    const all = [cache, cache.namespace('a'), cache.namespace('a').namespace('b')]
    for (const one of all) await one.set('k', 'v')
    await cache.clear()
    for (const one of all) expect(await one.get('k')).to.equal(undefined)
  })

  it('of a namespace ends what is in it and inside it, and nothing else', async () => {
    const cache = createCache()
    const ended = [cache.namespace('a'), cache.namespace('a').namespace('b'), cache.namespace('a').namespace('b').namespace('c')]
    const spared = [cache, cache.namespace('ab'), cache.namespace('b'), cache.namespace('b').namespace('a')]
    for (const one of [...ended, ...spared]) await one.set('k', 'v')
    await cache.namespace('a').clear()
    for (const one of ended) expect(await one.get('k')).to.equal(undefined)
    for (const one of spared) expect(await one.get('k')).to.equal('v')
  })

  it('leaves what is kept afterwards', async () => {
    const cache = createCache()
    await cache.clear()
    await cache.set('k', 'v')
    expect(await cache.get('k')).to.equal('v')
  })
})
