import { expect } from 'chai'
import { createCache, type Cache } from 'smart-cache'
import { fakeClock, gate, type FakeClock } from 'smart-cache/testing'
import { INNER_READS } from './inner-reads.js'
import { nextSignal } from './next-signal.js'

describe('What is made of other reads lives no longer than', () => {
  for (const { title, before, inside } of INNER_READS) {
    it(title, async () => {
      const { cache, clock } = standing()
      await before?.(cache)
      await cache.getOrSet('outer', () => inside(cache), { ttl: '1h' })
      clock.advance(59_999)
      expect(await cache.get('outer'), 'it is fresh as long').to.not.equal(undefined)
      clock.advance(1)
      expect(await cache.get('outer')).to.equal(undefined)
    })
  }

  it('what is left of its part’s life', async () => {
    const { cache, clock } = standing()
    await cache.set('inner', 'v', { ttl: '10m' })
    clock.advance('9m')
    await cache.getOrSet('outer', () => cache.get('inner'), { ttl: '1h' })
    clock.advance('1m')
    expect(await cache.get('outer')).to.equal(undefined)
  })

  it('the shortest of its parts', async () => {
    const { cache, clock } = standing()
    const part = (minutes: number) => cache.getOrSet(`part ${minutes}`, () => 'v', { ttl: `${minutes}m` })
    await cache.getOrSet('outer', () => Promise.all([part(3), part(1), part(2)]), { ttl: '1h' })
    clock.advance('1m')
    expect(await cache.get('outer')).to.equal(undefined)
  })
})

describe('What is made of other reads', () => {
  it('lives as long as it says itself, if that is shorter', async () => {
    const { cache, clock } = standing()
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => 'v', { ttl: '1h' }), { ttl: '1m' })
    clock.advance('1m')
    expect(await cache.get('outer')).to.equal(undefined)
    expect(await cache.get('inner')).to.equal('v')
  })

  it('is not kept if a part is stale already', async () => {
    const { cache, clock } = standing()
    await cache.set('inner', 'v', { ttl: '1m', grace: '1h' })
    clock.advance('1m')
    const refused = nextSignal(cache, 'refuse')
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => gate<string>()), { ttl: '1h' })
    expect(await refused).to.deep.include({ namespace: '', key: 'outer', reason: 'expired' })
  })

  it('is kept as stale as its part, if it has a grace', async () => {
    const { cache, clock } = standing()
    await cache.set('inner', 'v', { ttl: '1m', grace: '1h' })
    clock.advance('1m')
    await cache.getOrSet('outer', () => cache.getOrSet('inner', () => gate<string>()), { ttl: '1h', grace: '1h' })
    expect(await cache.get('outer')).to.equal(undefined)
    expect(await cache.getOrSet('outer', () => gate<string>())).to.equal('v')
  })

  it('is not shortened by a read that ends after the load', async () => {
    const { cache, clock } = standing()
    const slow = gate<string>()
    const detached: Promise<string>[] = []
    await cache.getOrSet(
      'outer',
      () => {
        detached.push(cache.getOrSet('inner', () => slow, { ttl: '1m' }))
        return 'v'
      },
      { ttl: '1h' },
    )
    slow.open('late')
    await Promise.all(detached)
    clock.advance('30m')
    expect(await cache.get('outer')).to.equal('v')
  })
})

function standing(): { cache: Cache; clock: FakeClock } {
  const clock = fakeClock()
  return { clock, cache: createCache({ clock }) }
}
