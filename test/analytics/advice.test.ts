import { expect } from 'chai'
import { memoryStore, type CacheOptions, type PolicyOptions } from 'smart-cache'
import { analytics, type Advice, type Analytics } from 'smart-cache/knex'
import { describePages } from '../pages/frameworks.js'
import type { Policy, Step } from '../pages/framework.js'
import { databaseInMemory, standing, type Standing } from './in-memory.js'

interface Lives {
  readonly value: (time: number) => string
  /** How long each load takes. */
  readonly ms?: number
  readonly times?: number
  readonly ended?: (time: number) => 'expired' | 'over' | 'purged'
}

type Traffic = (standing: Standing) => Promise<void>

describe('Advice', () => {
  const open: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close()
  })

  /** What is said of this kind after such traffic, and that it is true of it. */
  async function said(kind: Advice['advice'], traffic: Traffic, more: CacheOptions = {}): Promise<readonly Advice[]> {
    const there = await standing({}, more)
    open.push(() => there.close())
    await traffic(there)
    return (await there.stats.advice()).filter(({ advice }) => advice === kind)
  }

  /** Calls with each of so many arguments, so often; and with some of them once more. */
  function called(many: number, times: number, again = 0): Traffic {
    return async ({ cache }) => {
      const report = cache.cached((id: number) => id, { name: 'report' })
      for (let time = 0; time < times; time++) for (let n = 0; n < many; n++) await report(n)
      for (let n = 0; n < again; n++) await report(n)
    }
  }

  /** Loads a value that is asked for once in each of its lives, which end as it is said: it expired, its grace was over, or it was purged. */
  function outlived(policy: PolicyOptions, { value, ms = 0, times = 25, ended = () => 'expired' }: Lives): Traffic {
    return async ({ cache, clock }) => {
      let time = 0
      const load = () => {
        clock.advance(ms)
        return value(time++)
      }
      const rates = cache.cached(load, { name: 'rates', ...policy })
      for (let n = 0; n <= times; n++) {
        await rates()
        // A refresh behind the back of who was served.
        await new Promise(resolve => setImmediate(resolve))
        const end = ended(n)
        if (end === 'purged') await cache.invalidate('rates')
        else clock.advance(end === 'over' ? '10m' : '2m')
      }
    }
  }

  it('is none where all is well', async () => {
    const there = await standing()
    open.push(() => there.close())
    await called(10, 10)(there)
    expect(await there.stats.advice()).to.deep.equal([])
  })

  describe('about keys that are different each time', () => {
    it('says how many entries were never hit', async () => {
      const [advice, ...more] = await said('unique-keys', called(30, 1))
      expect(more).to.deep.equal([])
      expect(advice).to.include({ name: 'report', kind: 'value' })
      expect(advice?.figures).to.deep.equal({ entries: 30, neverHit: 30, hits: 0, fills: 30 })
      expect(advice?.text).to.include('100 % of 30 entries of report were never hit')
    })

    it('is silent where entries are hit, if only some', async () => {
      expect(await said('unique-keys', called(30, 2))).to.deep.equal([])
      expect(await said('unique-keys', called(30, 1, 4))).to.deep.equal([])
      expect(await said('unique-keys', called(30, 1, 3))).to.have.length(1)
    })

    it('is silent where a few are hit often, or more than a few at all', async () => {
      const often: Traffic = async ({ cache }) => {
        const report = cache.cached((id: number) => id, { name: 'report' })
        for (let n = 0; n < 60; n++) await report(Math.max(0, n - 30))
      }
      expect(await said('unique-keys', often)).to.deep.equal([])
      const again: Traffic = async ({ cache }) => {
        const report = cache.cached((id: number) => id, { name: 'report', tags: ['reports'] })
        for (let n = 0; n < 30; n++) await report(n)
        await cache.invalidate('reports')
        for (let n = 0; n < 30; n++) await report(n)
        for (let n = 0; n < 5; n++) await report(n)
      }
      expect(await said('unique-keys', again)).to.deep.equal([])
    })

    it('is silent about a few', async () => {
      expect(await said('unique-keys', called(19, 1))).to.deep.equal([])
    })
  })

  describe('about a ttl far shorter than it takes to change', () => {
    it('says how often it expired, and how often that was for nothing', async () => {
      const [advice, ...more] = await said('short-ttl', outlived({ ttl: '1m' }, { value: () => 'always' }))
      expect(more).to.deep.equal([])
      expect(advice?.figures).to.deep.equal({ expired: 25, loaded: 26, unchanged: 25, meanTtlMs: 60_000 })
      expect(advice?.text).to.include('rates expired 25 times').and.to.include('Its ttl of about 60 s')
    })

    it('is silent about what has changed', async () => {
      expect(await said('short-ttl', outlived({ ttl: '1m' }, { value: time => 'x'.repeat(time) }))).to.deep.equal([])
    })

    it('says it of what was refreshed behind the backs, too', async () => {
      const [advice] = await said('short-ttl', outlived({ ttl: '1m', grace: '1h' }, { value: () => 'always' }))
      expect(advice?.figures).to.include({ expired: 25, unchanged: 25 })
    })

    it('is silent where most was purged, and some expired', async () => {
      const mixed: Traffic = async there => {
        await outlived(
          { ttl: '1m', tags: ['rates'] },
          { value: () => 'always', ended: n => (n % 5 < 3 ? 'purged' : 'expired'), times: 60 },
        )(there)
      }
      expect(await said('short-ttl', mixed)).to.deep.equal([])
    })

    it('is silent about what was purged', async () => {
      const purged: Traffic = async ({ cache }) => {
        const rates = cache.cached(() => 'always', { name: 'rates', tags: ['rates'] })
        for (let n = 0; n < 30; n++) {
          await rates()
          await cache.invalidate('rates')
        }
      }
      expect(await said('short-ttl', purged)).to.deep.equal([])
    })

    it('is silent about a few times', async () => {
      expect(await said('short-ttl', outlived({ ttl: '1m' }, { value: () => 'always', times: 19 }))).to.deep.equal([])
    })
  })

  describe('about a grace', () => {
    const slow = { value: () => 'always', ms: 150 }

    it('says how many slow answers it would have saved', async () => {
      const [advice, ...more] = await said('grace', outlived({ ttl: '1m' }, slow))
      expect(more).to.deep.equal([])
      expect(advice?.figures['expired']).to.equal(25)
      expect(advice?.figures['p50']).to.be.within(100, 200)
      expect(advice?.text).to.match(/^25 times somebody waited for rates .* half of them for 1\d\d ms or longer/)
    })

    it('is silent where there is one', async () => {
      expect(await said('grace', outlived({ ttl: '1m', grace: '1h' }, slow))).to.deep.equal([])
    })

    it('is silent where there is one that is too short', async () => {
      const short: Traffic = async there => {
        await outlived({ ttl: '1m', grace: '61s' }, { ...slow, ended: n => (n === 7 ? 'expired' : 'over') })(there)
      }
      expect(await said('grace', short)).to.deep.equal([])
    })

    it('is silent where nobody waited long, or often', async () => {
      expect(await said('grace', outlived({ ttl: '1m' }, { ...slow, ms: 2 }))).to.deep.equal([])
      expect(await said('grace', outlived({ ttl: '1m' }, { ...slow, times: 19 }))).to.deep.equal([])
    })
  })

  describe('about an entry that is too large for its hits', () => {
    const atlas =
      (kilo: number, calls: number): Traffic =>
      async ({ cache, clock }) => {
        const load = cache.cached(() => 'x'.repeat(kilo * 1024), { name: 'atlas', ttl: '1m' })
        for (let fill = 0; fill < 4; fill++) {
          for (let call = 0; call < calls; call++) await load()
          clock.advance('2m')
        }
      }

    it('says how large it is, and how little it was hit', async () => {
      const [advice, ...more] = await said('large-entry', atlas(150, 1))
      expect(more).to.deep.equal([])
      expect(advice).to.include({ name: 'atlas' })
      expect(advice?.figures).to.include({ hits: 0, fills: 4 })
      expect(advice?.figures['bytes']).to.be.within(300 * 1024, 310 * 1024)
      expect(advice?.text).to.match(/^atlas\(\) takes 30\d KiB and was hit 0 times for 4 fills/)
    })

    it('is silent about one that is small, or hit', async () => {
      expect(await said('large-entry', atlas(100, 1))).to.deep.equal([])
      expect(await said('large-entry', atlas(150, 3))).to.deep.equal([])
    })
  })

  describe('about a memory that is too small', () => {
    const small = () => ({ store: memoryStore({ maxBytes: 20_000 }) })
    /** Makes so many entries of which ten have room, one each so many ms. */
    const crowded =
      (entries: number, everyMs: number): Traffic =>
      async ({ cache, clock }) => {
        const tile = cache.cached((n: number) => `${n}`.padEnd(800), { name: 'tile', ttl: '10m' })
        for (let n = 0; n < entries; n++) {
          await tile(n)
          clock.advance(everyMs)
        }
      }

    it('says how young what made room was', async () => {
      const [advice, ...more] = await said('small-store', crowded(60, 1_000), small())
      expect(more).to.deep.equal([])
      const { evictions, fills, meanEvictedAgeMs, meanTtlMs } = advice?.figures ?? {}
      expect([fills, meanTtlMs]).to.deep.equal([60, 600_000])
      expect(evictions).to.be.within(45, 55)
      expect(meanEvictedAgeMs).to.be.within(5_000, 15_000)
      expect(advice?.text).to.match(
        /^\d+ entries of tile had to make room at an age of about \d+ s, though they were to be fresh for 10 min/,
      )
    })

    it('is silent where few of many made room', async () => {
      const mostly: Traffic = async there => {
        const { cache } = there
        const tile = cache.cached((n: number) => `${n}`.padEnd(800), { name: 'tile', ttl: '10m' })
        for (let n = 0; n < 600; n++) {
          await tile(0)
          await tile.invalidate(0)
        }
        for (let n = 1; n < 38; n++) await tile(n)
      }
      expect(await said('small-store', mostly, small())).to.deep.equal([])
    })

    it('is silent where what made room was old, or was but a few', async () => {
      expect(await said('small-store', crowded(60, 60_000), small())).to.deep.equal([])
      expect(await said('small-store', crowded(20, 1_000), small())).to.deep.equal([])
    })
  })
})

describePages('Advice about pages', framework => {
  let stats: Analytics
  let close: () => Promise<unknown>
  afterEach(() => close())

  async function visited(policy: Policy, handler: Step, headers: (n: number) => Record<string, string>) {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      app.route('get', '/offers', app.cachePage(policy), handler)
    })
    const db = await databaseInMemory()
    stats = analytics({ knex: db, cache: site.cache, flushEvery: '1h' })
    close = async () => {
      await stats.close()
      await db.destroy()
    }
    for (let n = 0; n < 30; n++) await site.ask({ path: '/offers', headers: headers(n) })
    return stats.advice()
  }

  const asAnybody = () => ({})

  it('tells one header that keeps a page from being kept', async () => {
    const advice = await visited({ ttl: '1m' }, visit => visit.set('Set-Cookie', 'seen=1').send('offers'), asAnybody)
    expect(advice.map(({ advice: kind, name }) => `${kind} ${name}`)).to.deep.equal(['one-header /offers'])
    expect(advice[0]?.figures).to.deep.equal({ refused: 30, reason: 'set-cookie', fills: 0 })
    expect(advice[0]?.text).to.match(/^\/offers was loaded 30 times and not kept, because its response sets a cookie/)
  })

  it('is silent about a header that keeps some from being kept', async () => {
    let n = 0
    const handler: Step = visit => (n++ % 4 === 0 ? visit : visit.set('Cache-Control', 'private')).send('offers')
    const policy: Policy = { ttl: '1m', vary: { headers: ['X-Turn'] } }
    const advice = await visited(policy, handler, turn => ({ 'X-Turn': String(turn) }))
    expect(n).to.equal(30)
    expect(advice).to.deep.equal([])
  })

  it('tells of a route that varies on what is different each time', async () => {
    const policy: Policy = { ttl: '1m', vary: { headers: ['X-Request-Id'] }, maxVariants: 1_000 }
    const advice = await visited(
      policy,
      visit => visit.send('offers'),
      n => ({ 'X-Request-Id': `${n}` }),
    )
    expect(advice.map(({ advice: kind }) => kind)).to.deep.equal(['unique-keys'])
    expect(advice[0]?.figures).to.deep.equal({ entries: 30, urls: 1, neverHit: 30, hits: 0, fills: 30 })
    expect(advice[0]?.text).to.include('30 variants of each URL')
  })
})
