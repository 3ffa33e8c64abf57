import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { shown } from '../../lib/errors.js'
import { countedLoad } from './held-load.js'

describe('A kept value', () => {
  for (const value of [null, undefined, 0, -0, NaN, '', false, 0n, [], {}]) {
    it(`can be ${typeof value} ${shown(value)}`, async () => {
      const cache = createCache()
      const load = countedLoad(() => value)
      expect(await cache.getOrSet('k', load.loader)).to.deep.equal(value)
      expect(await cache.getOrSet('k', load.loader)).to.deep.equal(value)
      expect(await cache.get('k')).to.deep.equal(value)
      expect(load.calls).to.equal(1)
    })

    it(`can be set to ${typeof value} ${shown(value)}`, async () => {
      const cache = createCache()
      await cache.set('k', value)
      expect(await cache.getOrSet('k', () => expect.fail('it is kept'))).to.deep.equal(value)
    })
  }

  it('that is plain data is one frozen object for all, the first included', async () => {
    const cache = createCache()
    const first = await cache.getOrSet('k', () => ({ list: [1] }))
    const second = await cache.getOrSet('k', () => ({ list: [2] }))
    expect(second).to.equal(first)
    expect(await cache.get('k')).to.equal(first)
    expect(() => first.list.push(2)).to.throw(TypeError)
  })

  it('that cannot be frozen is everybody’s own copy, the first’s included', async () => {
    const cache = createCache()
    const asked = await Promise.all([1, 2].map(() => cache.getOrSet('k', () => ({ when: new Date(5) }))))
    asked.push(await cache.getOrSet('k', () => ({ when: new Date(6) })))
    for (const one of asked) one.when.setTime(7)
    expect(await cache.get('k')).to.deep.equal({ when: new Date(5) })
  })

  it('does not change with the object it was made of', async () => {
    const cache = createCache()
    const set = { list: [1] }
    const loaded = { list: [1] }
    await cache.set('set', set)
    await cache.getOrSet('loaded', () => loaded)
    set.list.push(2)
    loaded.list.push(2)
    expect(await cache.get('set')).to.deep.equal({ list: [1] })
    expect(await cache.get('loaded')).to.deep.equal({ list: [1] })
  })
})
