import { expect } from 'chai'
import { ConfigError, createCache, nextInstant, type PolicyOptions } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { earliest, forTtl, remembered } from '../../lib/freshness/schedule.js'

describe('nextInstant', () => {
  it('takes a Date or epoch milliseconds, and is strictly after it', () => {
    const noon = Date.UTC(2026, 0, 1, 12)
    expect(nextInstant({ invalidateAt: '12:00' }, noon)?.getTime()).to.equal(noon + 86_400_000)
    expect(nextInstant({ invalidateAt: '12:00' }, new Date(noon - 1))?.getTime()).to.equal(noon)
    expect(nextInstant({ cron: '0 12 * * *' }, noon - 0.5)?.getTime()).to.equal(noon)
  })

  it('is the first of what both options name', () => {
    const options = { invalidateAt: '12:00', cron: '0 18 * * *' }
    expect(nextInstant(options, Date.UTC(2026, 0, 1, 11))?.getUTCHours()).to.equal(12)
    expect(nextInstant(options, Date.UTC(2026, 0, 1, 13))?.getUTCHours()).to.equal(18)
  })

  it('refuses what names no instant', () => {
    expect(() => nextInstant({}, 0)).to.throw(ConfigError, 'Expected `cron` or `invalidateAt`')
    expect(() => nextInstant({ timezone: 'UTC' }, 0)).to.throw(ConfigError, 'Expected `cron` or `invalidateAt`')
    expect(() => nextInstant({ crom: '0 3 * * *' } as object, 0)).to.throw(ConfigError, 'Did you mean `cron`?')
  })

  for (const from of [NaN, Infinity, new Date(NaN), '2026-01-01', undefined, null]) {
    it(`refuses ${String(from)} to begin from`, () => {
      expect(() => nextInstant({ cron: '@daily' }, from as number)).to.throw(ConfigError, '`from`')
    })
  }
})

describe('An entry', () => {
  const kept: readonly (readonly [PolicyOptions, string])[] = [
    [{ invalidateAt: '13:00', timezone: 'Europe/Berlin' }, '2026-07-01T11:00:00.000Z'],
    [{ invalidateAt: ['08:00', '10:00'] }, '2026-07-01T10:00:00.000Z'],
    [{ cron: '*/30 * * * *' }, '2026-07-01T09:30:00.000Z'],
    [{ cron: '@daily', timezone: 'Asia/Kathmandu' }, '2026-07-01T18:15:00.000Z'],
    [{ ttl: '1h', cron: '@daily' }, '2026-07-01T10:10:00.000Z'],
    [{ ttl: '1h', cron: '0 10 * * *', invalidateAt: '11:00' }, '2026-07-01T10:00:00.000Z'],
    [{ ttl: 'forever', invalidateAt: '11:00' }, '2026-07-01T11:00:00.000Z'],
  ]

  for (const [policy, until] of kept) {
    it(`kept by ${JSON.stringify(policy)} at 09:10 is fresh until ${until}, and no longer`, async () => {
      const clock = fakeClock('2026-07-01T09:10:00Z')
      const cache = createCache({ clock })
      await cache.set('k', 'kept', policy)
      clock.set(Date.parse(until) - 1)
      expect(await cache.get('k')).to.equal('kept')
      clock.set(until.replace('.000', ''))
      expect(await cache.get('k')).to.equal(undefined)
    })
  }

  it('whose process slept over the instant is not served', async () => {
    const clock = fakeClock('2026-07-01T09:10:00Z')
    const cache = createCache({ clock })
    await cache.set('k', 'old', { invalidateAt: '13:00' })
    clock.set('2026-07-03T09:10:00Z')
    expect(await cache.getOrSet('k', () => 'new', { invalidateAt: '13:00' })).to.equal('new')
  })

  it('with jitter never outlives the instant', async () => {
    const clock = fakeClock('2026-07-01T09:10:00Z')
    const cache = createCache({ clock })
    const until: number[] = []
    cache.on('fill', ({ staleAt }) => until.push(staleAt))
    for (let times = 0; times < 100; times++) await cache.set('k', 1, { invalidateAt: '13:00', jitter: 0.1 })
    expect(Math.max(...until)).to.be.at.most(Date.UTC(2026, 6, 1, 13))
    expect(Math.min(...until)).to.be.at.least(Date.UTC(2026, 6, 1, 13) - 0.1 * 13_800_000)
    expect(new Set(until).size).to.be.greaterThan(50)
  })
})

describe('A schedule of several', () => {
  it('ends with the first of them', () => {
    expect(earliest([forTtl(500), forTtl(300), forTtl(Infinity)])(1_000)).to.equal(1_300)
  })

  it('of instants is looked up once until it has passed', () => {
    const asked: number[] = []
    const schedule = remembered(from => {
      asked.push(from)
      return Math.floor(from / 100) * 100 + 100
    })
    expect([10, 20, 99, 100, 150, 30].map(schedule)).to.deep.equal([100, 100, 100, 200, 200, 100])
    expect(asked, 'before, once; from the instant on, anew; and where time was set back').to.deep.equal([10, 100, 30])
  })
})
