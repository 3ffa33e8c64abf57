import { expect } from 'chai'
import { createCache, memoryStore, type Cache, type CacheEvents, type ValuePolicyOptions } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { nextSignal, signalsOf } from './next-signal.js'

describe('What a cache announces', () => {
  it('is a hit, with the age of what was served', async () => {
    const { cache, clock } = standing()
    await cache.set('k', 'v')
    for (const ask of [() => cache.get('k'), () => cache.getOrSet('k', () => 'v')]) {
      clock.advance('1m')
      const { ageMs, ...event } = await heardWhile(cache, 'hit', ask)
      expect(event).to.deep.include({ namespace: '', key: 'k' })
      expect(ageMs % 60_000).to.equal(0)
      expect(ageMs).to.be.above(0)
    }
  })

  it('is a miss, of who only looks and of who loads', async () => {
    const { cache } = standing()
    expect(await heardWhile(cache, 'miss', () => cache.get('k'))).to.deep.include({
      namespace: '',
      key: 'k',
      reason: 'absent',
      loads: false,
    })
    expect(await heardWhile(cache, 'miss', () => cache.getOrSet('k', () => 'v'))).to.deep.include({
      namespace: '',
      key: 'k',
      reason: 'absent',
      loads: true,
    })
  })

  it('is a fill, with what was kept', async () => {
    const { cache, clock } = standing()
    const load = () => {
      clock.advance(250)
      return 'v'
    }
    const event = await heardWhile(cache, 'fill', () => cache.getOrSet('k', load, { ttl: '1m', tags: ['t', 'u'] }))
    expect(event).to.deep.include({ namespace: '', key: 'k', loadMs: 250, staleAt: clock.now() + 60_000, tags: ['t', 'u'] })
    expect(event.bytes).to.be.above(0)
  })

  it('is a fill when a value is set, which took no load', async () => {
    const { cache, clock } = standing()
    const event = await heardWhile(cache, 'fill', () => cache.set('k', 'v', { ttl: '1m', tags: ['t'] }))
    expect(event).to.deep.include({ namespace: '', key: 'k', loadMs: 0, staleAt: clock.now() + 60_000, tags: ['t'] })
  })

  it('is a refusal of what was purged while it was loaded', async () => {
    const { cache } = standing()
    const load = async () => {
      await cache.invalidate('t')
      return 'v'
    }
    const event = await heardWhile(cache, 'refuse', () => cache.getOrSet('k', load, { tags: ['t'] }))
    expect(event).to.deep.include({ namespace: '', key: 'k', reason: 'purged' })
  })

  const keeping: Readonly<Record<string, (cache: Cache, value: string, policy: ValuePolicyOptions) => Promise<unknown>>> = {
    'is set': (cache, value, policy) => cache.set('k', value, policy),
    'is added': (cache, value, policy) => cache.add('k', value, policy),
    'is put': (cache, value, policy) => cache.put('k', value, () => undefined, policy),
    'is loaded': (cache, value, policy) => cache.getOrSet('k', () => value, policy),
  }
  for (const [what, keep] of Object.entries(keeping)) {
    it(`is a refusal, and no fill, of what ${what} and larger than all room`, async () => {
      const cache = createCache({ store: memoryStore({ maxBytes: 2_000 }) })
      const filled: unknown[] = []
      cache.on('fill', event => filled.push(event))
      const event = await heardWhile(cache, 'refuse', () => keep(cache, 'x'.repeat(2_000), {}))
      expect(event).to.deep.include({ key: 'k', reason: 'max-bytes' })
      expect(await cache.has('k')).to.equal(false)
      expect(filled).to.deep.equal([])
      await keep(cache, 'x', {})
      expect(filled).to.have.length(1)
    })

    it(`is a refusal, and no fill, of what ${what} and expires at once`, async () => {
      const cache = createCache()
      const filled: unknown[] = []
      cache.on('fill', event => filled.push(event))
      const event = await heardWhile(cache, 'refuse', () => keep(cache, 'x', { ttl: 0 }))
      expect(event).to.deep.include({ key: 'k', reason: 'expired' })
      expect(filled).to.deep.equal([])
    })
  }

  it('is an eviction', async () => {
    const cache = createCache({ store: memoryStore({ maxBytes: 2_000 }) })
    await cache.set('a', 'x'.repeat(500))
    const event = await heardWhile(cache, 'evict', () => cache.set('b', 'x'.repeat(500)))
    expect(event).to.include({ namespace: '', key: 'a' })
    expect(event.bytes).to.be.above(1_000)
  })

  const purges: readonly (readonly [(cache: Cache) => Promise<unknown>, Pick<CacheEvents['purge'], 'kind' | 'name' | 'soft' | 'why'>])[] = [
    [cache => cache.invalidate('t'), { kind: 'tag', name: 't', soft: false }],
    [cache => cache.invalidate('t', { soft: true }), { kind: 'tag', name: 't', soft: true }],
    [cache => cache.invalidate({ key: 'k' }), { kind: 'key', name: 'k', soft: false }],
    [cache => cache.delete('k'), { kind: 'key', name: 'k', soft: false }],
    [cache => cache.invalidate({ prefix: 'k:' }), { kind: 'prefix', name: 'k:', soft: false }],
    [cache => cache.invalidate({ pattern: 'k:*' }), { kind: 'pattern', name: 'k:*', soft: false }],
    [cache => cache.clear(), { kind: 'prefix', name: '', soft: false, why: 'clear()' }],
    [cache => cache.invalidate('t', { why: 'import' }), { kind: 'tag', name: 't', soft: false, why: 'import' }],
  ]
  for (const [call, event] of purges) {
    for (const namespace of ['', 'shop', 'shop/inner']) {
      it(`is a ${event.soft ? 'soft ' : ''}purge by ${event.kind} ${event.name}${event.why === undefined ? '' : ` because of ${event.why}`} in ${namespace || 'the root'}`, async () => {
        const root = createCache({ clock: fakeClock() })
        const cache = namespace.split('/').reduce((outer, name) => (name === '' ? outer : outer.namespace(name)), root)
        const heard: unknown[] = []
        root.on('purge', one => void heard.push(one))
        await call(cache)
        for (const one of heard) expect(one).to.deep.equal({ ...event, namespace, ms: 0 })
        expect(heard.length).to.be.above(0)
      })
    }
  }

  it('is of every namespace, whose name it bears', async () => {
    const cache = createCache()
    const inner = cache.namespace('shop').namespace('tenant-7')
    const event = await heardWhile(cache, 'fill', () => inner.set('k', 'v', { tags: ['t'] }))
    expect(event).to.deep.include({ namespace: 'shop/tenant-7', key: 'k', tags: ['t'] })
    expect(await heardWhile(inner, 'miss', () => cache.get('other'))).to.include({ namespace: '', key: 'other' })
  })

  it('comes in the order of the deeds', async () => {
    const { cache } = standing()
    const heard = signalsOf(cache, 'hit', 'miss', 'fill', 'refuse')
    await cache.get('k')
    await cache.getOrSet('k', () => 'v')
    await cache.getOrSet('k', () => 'v')
    expect(heard).to.deep.equal(['miss k', 'miss k', 'fill k', 'hit k'])
  })

  it('is not disturbed by who listens no more', async () => {
    const { cache } = standing()
    const heard: string[] = []
    const listener = () => void heard.push('listener')
    cache.on('miss', listener)
    const off = cache.on('miss', () => void heard.push('other'))
    cache.off('miss', listener)
    off()
    await cache.get('k')
    expect(heard).to.deep.equal([])
  })
})

function standing() {
  const clock = fakeClock()
  return { clock, cache: createCache({ clock }) }
}

async function heardWhile<Name extends keyof CacheEvents>(
  cache: Cache,
  name: Name,
  run: () => Promise<unknown>,
): Promise<CacheEvents[Name]> {
  const event = nextSignal(cache, name)
  await run()
  return event
}
