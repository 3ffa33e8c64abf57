import { expect } from 'chai'
import { fakeClock } from 'smart-cache/testing'
import { alarm } from '../../lib/time/alarm.js'
import { systemClock, type Clock } from '../../lib/time/clock.js'

describe('An alarm', () => {
  it('rings when the clock has come to its instant, and never before', async () => {
    const at = systemClock.now() + 5
    const rung = await new Promise<number>(resolve => void alarm(systemClock, at, () => resolve(systemClock.now())))
    expect(rung).to.be.at.least(at)
  })

  it('of an instant that has passed rings at once, but not from within the call', async () => {
    let rung = false
    const ringing = new Promise<void>(resolve => {
      alarm(systemClock, 0, () => {
        rung = true
        resolve()
      })
    })
    expect(rung).to.equal(false)
    await ringing
  })

  it('that was silenced does not ring', async () => {
    alarm(systemClock, 0, () => expect.fail('rung'))()
    await new Promise(resolve => setTimeout(resolve, 5))
  })

  it('years away neither rings at once nor keeps the process', async () => {
    const silence = alarm(systemClock, systemClock.now() + 5 * 365 * 86_400_000, () => expect.fail('rung'))
    await new Promise(resolve => setTimeout(resolve, 5))
    silence()
  })

  it('looks at the clock again where a timer is early', async () => {
    let looks = 0
    const slow: Clock = { ...systemClock, now: () => Math.min(++looks, 4) }
    await new Promise<void>(resolve => void alarm(slow, 4, resolve))
    expect(looks).to.be.at.least(4)
  })

  it('of a fake clock rings while that is moved, in the order of the instants', () => {
    const clock = fakeClock('2026-01-01')
    const rung: string[] = []
    alarm(clock, clock.now() + 2_000, () => rung.push('second'))
    alarm(clock, clock.now() + 1_000, () => rung.push('first'))
    alarm(clock, clock.now() + 3_000, () => rung.push('third'))()
    clock.advance(999)
    expect(rung).to.deep.equal([])
    clock.advance('1h')
    expect(rung).to.deep.equal(['first', 'second'])
    clock.advance('1h')
    expect(rung.length).to.equal(2)
  })
})
