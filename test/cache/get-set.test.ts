import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('get', () => {
  it('finds nothing that was never set', async () => {
    expect(await createCache().get('k')).to.equal(undefined)
  })

  it('finds what was set, for as long as its ttl', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v', { ttl: '1h' })
    clock.advance(3_599_999)
    expect(await cache.get('k')).to.equal('v')
    clock.advance(1)
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('finds nothing that is merely stale', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v', { ttl: '1m', grace: '1h', staleIfError: '1h' })
    clock.advance('1m')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('does not wait for a load under way', async () => {
    const cache = createCache()
    void cache.getOrSet('k', () => new Promise<string>(() => undefined))
    expect(await cache.get('k')).to.equal(undefined)
  })
})

describe('set', () => {
  it('keeps for five minutes if nothing is said', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v')
    clock.advance(299_999)
    expect(await cache.get('k')).to.equal('v')
    clock.advance(1)
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('takes the place of what was there, with its tags and its life', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ttl: '1m', tags: ['old'] })
    await cache.set('k', 'new', { ttl: '1h', tags: ['new'] })
    await cache.invalidate('old')
    clock.advance('30m')
    expect(await cache.get('k')).to.equal('new')
    await cache.invalidate('new')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('with a ttl of 0 leaves nothing fresh', async () => {
    const cache = createCache()
    await cache.set('k', 'v', { ttl: 0 })
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('for ever is for ever', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v', { ttl: 'forever' })
    clock.advance('100000d')
    expect(await cache.get('k')).to.equal('v')
  })
})

describe('delete', () => {
  it('ends the entry, and says whether there was a fresh one', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'v', { ttl: '1m', grace: '1h' })
    expect(await cache.delete('k')).to.equal(true)
    expect(await cache.get('k')).to.equal(undefined)
    expect(await cache.delete('k')).to.equal(false)
  })

  it('ends what is stale too', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    await cache.set('k', 'old', { ttl: '1m', grace: '1h' })
    clock.advance('2m')
    expect(await cache.delete('k')).to.equal(false)
    expect(await cache.getOrSet('k', () => 'new')).to.equal('new')
  })

  it('ends no other key', async () => {
    const cache = createCache()
    await cache.set('k:1', 'v')
    await cache.delete('k')
    expect(await cache.get('k:1')).to.equal('v')
  })
})
