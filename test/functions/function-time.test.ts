import { expect } from 'chai'
import { createCache, LoadTimeoutError } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'

describe('A cached function', () => {
  it('with refreshAhead is called again before its answer is old, behind the callers’ backs', async () => {
    const clock = fakeClock()
    const cache = createCache({ clock })
    let calls = 0
    const f = cache.cached((id: number) => `${id}: ${++calls}`, { name: 'f', ttl: '10m', refreshAhead: 0.8 })
    await f(1)
    clock.advance('7m')
    for (let hits = 0; hits < 100; hits++) expect(await f(1)).to.equal('1: 1')
    expect(calls).to.equal(1)
    clock.advance('2m')
    for (let hits = 0; hits < 200 && calls === 1; hits++) {
      expect(await f(1)).to.equal('1: 1')
      await new Promise(resolve => setImmediate(resolve))
    }
    expect(await f(1)).to.equal('1: 2')
    clock.advance('5m')
    expect(await f(1)).to.equal('1: 2')
  })

  it('has no answer past its time where the clock on the wall is set back by a day', async () => {
    const clock = fakeClock('2026-07-01T12:00:00Z')
    const cache = createCache({ clock })
    let calls = 0
    const f = cache.cached((id: number) => `${id}: ${++calls}`, { name: 'f', ttl: '5m' })
    for (let hits = 0; hits < 3; hits++) await f(1)
    clock.set('2026-06-30T12:01:00Z')
    expect(await f(1)).to.equal('1: 2')
  })

  it('that takes longer than its loadTimeout has failed', async () => {
    const f = createCache().cached(() => new Promise<string>(() => undefined), { name: 'f', loadTimeout: 5 })
    const error = await f().catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(LoadTimeoutError)
  })

  it('is fresh until a time of day', async () => {
    const clock = fakeClock('2026-07-01T10:59:59Z')
    let calls = 0
    const f = createCache({ clock }).cached(() => ++calls, { name: 'f', invalidateAt: '13:00', timezone: 'Europe/Berlin' })
    expect([await f(), await f()]).to.deep.equal([1, 1])
    clock.advance('1s')
    expect(await f()).to.equal(2)
  })
})
