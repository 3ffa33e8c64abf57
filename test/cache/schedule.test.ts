import { expect } from 'chai'
import { CacheError, ConfigError, createCache, KeyError, memoryStore, type Cache, type Store } from 'smart-cache'
import { fakeClock, gate, type FakeClock } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'
import { nextSignal, signalsOf } from './next-signal.js'

const HOURLY = { cron: '@hourly' }

describe('A schedule', () => {
  it('purges and then warms at each of its instants', async () => {
    const { cache, clock } = process()
    const done = counter()
    let version = 1
    const prices = () => cache.getOrSet('prices', () => `version ${version}`, { ttl: 'forever', tags: ['prices'] })
    cache.schedule({ ...HOURLY, invalidate: ['prices'], warm: () => prices().then(done.count) })
    await settled()
    expect(await prices()).to.equal('version 1')
    version = 2
    clock.set('2026-01-01T00:59:59.999Z')
    await settled()
    expect(await prices()).to.equal('version 1')
    for (const hour of [1, 2]) {
      version = hour + 1
      clock.set(Date.UTC(2026, 0, 1, hour))
      await done.of(hour)
      expect(await prices()).to.equal(`version ${hour + 1}`)
    }
  })

  it('acts once for all processes that declare the same', async () => {
    const clock = fakeClock()
    const shared = memoryStore()
    const done = counter()
    const processes = [1, 2, 3].map(() => process(clock, shared))
    for (const { cache } of processes) cache.schedule({ ...HOURLY, invalidate: 'prices', warm: done.count })
    await settled()
    for (const hour of [1, 2, 3]) {
      clock.advance('1h')
      await settled()
      expect(done.counted, `in hour ${hour}`).to.equal(hour)
    }
  })

  it('does not act twice where one process’s clock is ahead of another’s', async () => {
    const [clock, ahead] = [fakeClock('2026-01-01T00:29:00Z'), fakeClock('2026-01-01T00:29:05Z')]
    const shared = memoryStore()
    const done = counter()
    for (const one of [clock, ahead]) process(one, shared).cache.schedule({ cron: '*/30 * * * *', warm: done.count })
    await settled()
    for (let second = 0; second < 1_900; second += 5) {
      ahead.advance('5s')
      await settled()
      clock.advance('5s')
      await settled()
    }
    expect(done.counted).to.equal(2)
  })

  it('makes up once for what passed while no process ran', async () => {
    const clock = fakeClock()
    const shared = memoryStore()
    const done = counter()
    const before = process(clock, shared).cache
    before.schedule({ ...HOURLY, name: 'prices', warm: done.count })
    await settled()
    await before.close()
    clock.advance('5h')
    expect(done.counted).to.equal(0)
    const after = process(clock, shared).cache
    after.schedule({ ...HOURLY, name: 'prices', warm: done.count })
    await done.of(1)
    process(clock, shared).cache.schedule({ ...HOURLY, name: 'prices', warm: done.count })
    await settled()
    expect(done.counted).to.equal(1)
  })

  it('has nothing to make up for when it is declared for the first time', async () => {
    const { cache } = process()
    const done = counter()
    cache.schedule({ ...HOURLY, warm: done.count })
    await settled()
    expect(done.counted).to.equal(0)
  })

  it('makes up once where the process slept over several instants', async () => {
    const { cache, clock } = process()
    const done = counter()
    cache.schedule({ ...HOURLY, warm: done.count })
    await settled()
    clock.set('2026-01-03T00:30:00Z')
    await settled()
    expect(done.counted).to.equal(1)
  })

  it('does not act again where the clock on the wall is set back over an instant', async () => {
    const clock = fakeClock('2026-01-01T00:59:00Z')
    const store = storeWith(() => ({ close: () => {} }))
    const { cache } = process(clock, store)
    const done = counter()
    cache.schedule({ ...HOURLY, warm: done.count })
    await settled()
    clock.set('2026-01-01T01:00:30Z')
    await settled()
    clock.set('2026-01-01T00:59:45Z')
    await settled()
    clock.set('2026-01-01T01:00:00Z')
    await settled()
    expect(done.counted).to.equal(1)
  })

  it('still acts when its mark was purged with everything else', async () => {
    const { cache, clock } = process()
    const done = counter()
    cache.schedule({ ...HOURLY, warm: done.count })
    await settled()
    await cache.clear()
    clock.advance('1h')
    await settled()
    expect(done.counted).to.equal(1)
  })

  it('goes on when its warming fails, and the error is announced', async () => {
    const { cache, clock } = process()
    const error = new Error('origin')
    cache.schedule({ ...HOURLY, name: 'prices', warm: () => Promise.reject(error) })
    await settled()
    for (const _ of [1, 2]) {
      const failed = nextSignal(cache, 'error')
      clock.advance('1h')
      expect(await failed).to.deep.equal({ operation: 'warm', namespace: '', key: 'prices', error })
      await settled()
    }
  })

  it('goes on purging while its warming takes long, and does not begin another', async () => {
    const { cache, clock } = process()
    const purged = signalsOfPurges(cache)
    const warming = gate()
    let warmed = 0
    cache.schedule({
      ...HOURLY,
      invalidate: 'prices',
      warm: () => {
        warmed++
        return warming
      },
    })
    await settled()
    for (const _ of [1, 2]) {
      clock.advance('1h')
      await settled()
    }
    expect([purged.length, warmed]).to.deep.equal([2, 1])
    warming.open()
    await settled()
    clock.advance('1h')
    await settled()
    expect([purged.length, warmed]).to.deep.equal([3, 2])
  })

  it('tries again where the store failed, and does not warm before it has purged', async () => {
    const clock = fakeClock()
    let broken = false
    const failing = storeWith(inner => ({
      purge: (...given) => (broken ? Promise.reject(new Error('broken')) : inner.purge(...given)),
    }))
    const { cache } = process(clock, failing)
    const done = counter()
    cache.schedule({ ...HOURLY, name: 'prices', invalidate: 'prices', warm: done.count })
    await settled()
    broken = true
    const failed = nextSignal(cache, 'error')
    clock.advance('1h')
    expect(await failed).to.deep.include({ operation: 'schedule', key: 'prices' })
    await settled()
    expect(done.counted).to.equal(0)
    broken = false
    clock.advance('10s')
    await settled()
    expect(done.counted).to.equal(1)
  })

  it('purges in the namespace in which it was declared', async () => {
    const { cache, clock } = process()
    const shop = cache.namespace('shop')
    for (const one of [cache, shop]) await one.set('k', 'kept', { ttl: 'forever', tags: ['prices'] })
    shop.schedule({ ...HOURLY, invalidate: 'prices' })
    await settled()
    clock.advance('1h')
    await settled()
    expect(await cache.get('k')).to.equal('kept')
    expect(await shop.get('k')).to.equal(undefined)
  })

  it('ends when it is stopped', async () => {
    const { cache, clock } = process()
    const done = counter()
    const schedule = cache.schedule({ ...HOURLY, warm: done.count })
    await settled()
    schedule.stop()
    expect(cache.schedules()).to.deep.equal([])
    clock.advance('1h')
    await settled()
    expect(done.counted).to.equal(0)
  })

  it('ends when the cache is closed', async () => {
    const { cache, clock } = process()
    const done = counter()
    const errors = signalsOf(cache, 'error')
    cache.schedule({ ...HOURLY, warm: done.count })
    await cache.close()
    await settled()
    clock.advance('1h')
    await settled()
    expect([done.counted, errors.length]).to.deep.equal([0, 0])
    expect(() => cache.schedule({ ...HOURLY, warm: done.count })).to.throw(CacheError, 'closed')
  })

  it('of each second acts by the system’s clock', async () => {
    const cache = createCache()
    const done = counter()
    cache.schedule({ cron: '* * * * * *', warm: done.count })
    await done.of(1)
    await cache.close()
  })
})

describe('The schedules of a cache', () => {
  it('are listed with their next instants, the next to come first', async () => {
    const { cache, clock } = process(fakeClock('2026-07-01T10:00:00Z'))
    cache.schedule({ name: 'nightly', cron: '0 3 * * *', timezone: 'Europe/Berlin', invalidate: 'a' })
    cache.schedule({ name: 'at one', invalidateAt: '13:00', timezone: 'Europe/Berlin', invalidate: 'b' })
    cache.namespace('shop').schedule({ name: 'nightly', cron: '@daily', invalidate: 'c' })
    const listed = () => cache.schedules().map(({ name, next }) => `${name} ${next.toISOString()}`)
    expect(listed()).to.deep.equal(['at one 2026-07-01T11:00:00.000Z', 'nightly 2026-07-02T01:00:00.000Z'])
    clock.advance('1h')
    await settled()
    expect(listed()).to.deep.equal(['nightly 2026-07-02T01:00:00.000Z', 'at one 2026-07-02T11:00:00.000Z'])
    expect(cache.namespace('shop').schedules().length).to.equal(1)
    await cache.close()
    expect(cache.schedules()).to.deep.equal([])
  })

  const refused: readonly (readonly [object, new (...given: never[]) => Error, string])[] = [
    [{ invalidate: 'a' }, ConfigError, 'Expected `cron` or `invalidateAt`'],
    [{ ...HOURLY }, ConfigError, 'Expected `invalidate` or `warm`'],
    [{ cron: '0 0 30 2 *', invalidate: 'a' }, ConfigError, 'an instant that comes'],
    [{ ...HOURLY, invalidate: '' }, KeyError, 'Expected a tag'],
    [{ ...HOURLY, invalidate: { tag: 'a' } }, ConfigError, 'got { tag }'],
    [{ ...HOURLY, warm: 'a' }, ConfigError, 'Expected `warm` to be a function'],
    [{ ...HOURLY, invalidate: 'a', name: '' }, ConfigError, 'Expected the `name` of a schedule'],
    [{ ...HOURLY, invalidates: 'a' }, ConfigError, 'Did you mean `invalidate`?'],
  ]
  for (const [options, kind, message] of refused) {
    it(`refuse one with: ${message}`, () => {
      expect(() => createCache().schedule(options)).to.throw(kind, message)
    })
  }

  it('are told apart by their names', () => {
    const { cache } = process()
    cache.schedule({ ...HOURLY, invalidate: 'a' })
    cache.schedule({ ...HOURLY, invalidate: 'b' })
    expect(() => cache.schedule({ ...HOURLY, invalidate: 'a' })).to.throw(ConfigError, 'give one of them another `name`')
    cache.schedule({ ...HOURLY, invalidate: 'a', name: 'another' })
  })
})

/** A cache as it is in one of several processes. */
function process(clock: FakeClock = fakeClock(), shared: Store = memoryStore()): { readonly cache: Cache; readonly clock: FakeClock } {
  return { clock, cache: createCache({ clock, store: storeWith(() => ({ close: () => {} }), shared) }) }
}

interface Counter {
  readonly counted: number
  readonly count: () => void
  of(count: number): Promise<void>
}

function counter(): Counter {
  let counted = 0
  const waiting = new Map<number, () => void>()
  return {
    get counted() {
      return counted
    },
    count: () => waiting.get(++counted)?.(),
    of: count => new Promise(resolve => (counted >= count ? resolve() : waiting.set(count, resolve))),
  }
}

function signalsOfPurges(cache: Cache): readonly unknown[] {
  const heard: unknown[] = []
  cache.on('purge', event => void heard.push(event))
  return heard
}

/** Lets everything happen that does not wait for time. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise(resolve => setImmediate(resolve))
}
