import { expect } from 'chai'
import { Flights } from '../../lib/flight/flight.js'
import { purge } from '../../lib/testing/contract/promised.js'

interface Cargo {
  readonly key: string
  readonly tags: readonly string[]
}

const loaded = { state: 'loaded', cargo: { key: 'k', tags: [] } } as const

describe('The flights of a process', () => {
  it('are found by key while they are under way', () => {
    const flights = new Flights<Cargo>()
    expect(flights.find('k')).to.equal(undefined)
    const flight = flights.open('k', new Set())
    flights.open('other', new Set())
    expect(flights.find('k')).to.equal(flight)
    flights.land(flight, loaded)
    expect(flights.find('k')).to.equal(undefined)
    expect(flights.size).to.equal(1)
  })

  it('are not ended by the landing of an earlier one of the same key', () => {
    const flights = new Flights<Cargo>()
    const first = flights.open('k', new Set())
    flights.hear(purge('key', 'k'))
    const second = flights.open('k', new Set())
    flights.land(first, loaded)
    expect(flights.find('k')).to.equal(second)
    expect(second.landed).to.equal(false)
  })

  it('are joined no more once a purge has touched them, and land all the same', async () => {
    const flights = new Flights<Cargo>()
    const touched = flights.open('a', new Set(['t']))
    const passed = flights.open('b', new Set(['u']))
    const follower = touched.join()
    flights.hear(purge('tag', 't'))
    expect(flights.find('a')).to.equal(undefined)
    expect(flights.find('b')).to.equal(passed)
    flights.land(touched, { state: 'loaded', cargo: { key: 'a', tags: ['t'] } })
    expect((await follower).state).to.equal('loaded')
  })

  it('can be shut: nobody joins any more, and who waits is answered all the same', async () => {
    const flights = new Flights<Cargo>()
    const slow = flights.open('k', new Set())
    const follower = slow.join()
    flights.shut('k')
    expect(flights.find('k')).to.equal(undefined)
    const next = flights.open('k', new Set())
    flights.land(slow, loaded)
    expect((await follower).state).to.equal('loaded')
    expect(flights.find('k')).to.equal(next)
  })

  it('leave nothing behind', () => {
    const flights = new Flights<Cargo>()
    for (let number = 0; number < 100; number++) flights.land(flights.open(`k${number}`, new Set()), loaded)
    expect(flights.size).to.equal(0)
  })

  it('can turn out to be of another key: those who wait ask again, and join it there', async () => {
    const flights = new Flights<Cargo>()
    const flight = flights.open('k', new Set())
    const follower = flight.join()
    const moved = flights.move(flight, 'k2')
    expect((await follower).state).to.equal('abandoned')
    expect(flights.find('k')).to.equal(undefined)
    expect(flights.find('k2')).to.equal(moved)
    expect(moved.landed).to.equal(false)
  })

  it('are joined under the other key no more either, if a purge has touched them', () => {
    const flights = new Flights<Cargo>()
    const flight = flights.open('k', new Set(['t']))
    flights.hear(purge('tag', 't'))
    flights.move(flight, 'k2')
    expect(flights.find('k2')).to.equal(undefined)
  })
})
