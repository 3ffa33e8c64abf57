import { expect } from 'chai'
import { createCache } from 'smart-cache'

describe('A permanent value', () => {
  for (const namespace of [undefined, 'shop']) {
    it(`outlives purges by tag, its own and those of its parts, unless they say so${namespace === undefined ? '' : ', in a namespace too'}`, async () => {
      const root = createCache()
      const cache = namespace === undefined ? root : root.namespace(namespace)
      const fill = () => cache.getOrSet('k', () => cache.getOrSet('part', () => 'v', { tags: ['part'] }), { tags: ['t'], permanent: true })
      await fill()
      await cache.invalidate(['t', 'part'])
      expect(await cache.get('k')).to.equal('v')
      expect((await cache.entry('k'))?.tags.toSorted()).to.deep.equal(['part', 't'])
      await cache.invalidate('t', { permanent: true })
      expect(await cache.get('k')).to.equal(undefined)
      await fill()
      await cache.invalidate('part', { permanent: true })
      expect(await cache.get('k')).to.equal(undefined)
    })
  }

  it('ends when its key is purged, deleted, or everything is', async () => {
    const cache = createCache()
    for (const end of [
      () => cache.invalidate({ key: 'k' }),
      () => cache.delete('k'),
      () => cache.invalidate({ prefix: 'k' }),
      () => cache.clear(),
    ]) {
      await cache.set('k', 'v', { permanent: true })
      await end()
      expect(await cache.get('k')).to.equal(undefined)
    }
  })
})
