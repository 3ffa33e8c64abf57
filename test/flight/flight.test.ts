import { expect } from 'chai'
import { Flight, type Joined } from '../../lib/flight/flight.js'
import { purge } from '../../lib/testing/contract/promised.js'

interface Cargo {
  readonly key: string
  readonly tags: readonly string[]
}

const cargo: Cargo = { key: 'k', tags: ['known', 'found'] }

describe('A flight', () => {
  it('brings its landing to all who joined', async () => {
    const flight = flying()
    const followers = [flight.join(), flight.join()]
    flight.land({ state: 'loaded', cargo })
    for (const joined of await Promise.all(followers)) expect(joined).to.deep.equal({ state: 'loaded', cargo })
  })

  it('has who joins when it has landed ask again', async () => {
    const flight = flying()
    flight.land({ state: 'loaded', cargo })
    expect(await flight.join()).to.deep.equal({ state: 'abandoned' })
  })

  it('lands once', async () => {
    const flight = flying()
    expect(flight.landed).to.equal(false)
    const follower = flight.join()
    flight.land({ state: 'unshared', reason: 'first' })
    expect(flight.landed).to.equal(true)
    flight.land({ state: 'loaded', cargo })
    expect(await follower).to.deep.equal({ state: 'unshared', reason: 'first' })
  })

  it('is no answer to who joined after a purge of a tag that the cargo turned out to have', async () => {
    const flight = flying()
    const early = flight.join()
    expect(flight.hear(purge('tag', 'found')), 'the tag is not known yet').to.equal(true)
    const late = flight.join()
    flight.land({ state: 'loaded', cargo })
    expect(await states([early, late])).to.deep.equal(['loaded', 'touched'])
  })

  it('is an answer to who joined after a purge that does not touch the cargo', async () => {
    const flight = flying()
    expect(flight.hear(purge('tag', 'other'))).to.equal(true)
    const follower = flight.join()
    flight.land({ state: 'loaded', cargo })
    expect(await states([follower])).to.deep.equal(['loaded'])
  })

  it('is an answer to who joined before a purge', async () => {
    const flight = flying()
    const follower = flight.join()
    flight.hear(purge('key', 'k'))
    flight.land({ state: 'loaded', cargo })
    expect(await states([follower])).to.deep.equal(['loaded'])
  })

  for (const record of [purge('tag', 'known'), purge('key', 'k'), purge('prefix', 'k'), purge('pattern', '*'), purge('prefix', '')]) {
    it(`takes nobody on after a purge by ${record.kind} ${record.name}, which is known to touch it`, () => {
      expect(flying().hear(record)).to.equal(false)
      expect(flying().hear({ ...record, soft: true })).to.equal(false)
    })
  }

  it('knows the tags that its load has found so far', () => {
    const tags = new Set(['known'])
    const flight = new Flight<Cargo>('k', tags)
    expect(flight.hear(purge('tag', 'found'))).to.equal(true)
    tags.add('found')
    expect(flight.hear(purge('tag', 'found'))).to.equal(false)
  })

  it('takes nobody on after 1,000 purges, whatever they touch', () => {
    const flight = flying()
    for (let number = 1; number <= 1_000; number++) expect(flight.hear(purge('tag', `other ${number}`))).to.equal(true)
    expect(flight.hear(purge('tag', 'other'))).to.equal(false)
  })

  it('brings what is no cargo to all, whatever was purged', async () => {
    for (const landing of [
      { state: 'failed', error: new Error('load') },
      { state: 'unshared', reason: 'never' },
      { state: 'abandoned' },
    ] as const) {
      const flight = flying()
      flight.hear(purge('tag', 'found'))
      const follower = flight.join()
      flight.land(landing)
      expect(await follower).to.equal(landing)
    }
  })

  it('hands its successor every purge it has heard', async () => {
    const flight = flying()
    flight.hear(purge('tag', 'found'))
    const successor = flight.successor('k2')
    expect(successor.key).to.equal('k2')
    const follower = successor.join()
    successor.land({ state: 'loaded', cargo: { ...cargo, key: 'k2' } })
    expect(await states([follower])).to.deep.equal(['touched'])
  })
})

function flying(): Flight<Cargo> {
  return new Flight<Cargo>('k', new Set(['known']))
}

async function states(followers: readonly Promise<Joined<Cargo>>[]): Promise<readonly string[]> {
  return (await Promise.all(followers)).map(({ state }) => state)
}
