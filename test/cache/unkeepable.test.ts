import { expect } from 'chai'
import { CodecError, createCache } from 'smart-cache'
import { nextSignal } from './next-signal.js'

class City {
  readonly name = 'Bern'
}

describe('A value that cannot be kept', () => {
  it('is refused by set, which says where it lies', async () => {
    const cache = createCache()
    await cache.set('k', 'before')
    const [outcome] = await Promise.allSettled([cache.set('k', { list: [new City()] })])
    expect(outcome).to.have.property('reason').that.is.instanceOf(CodecError)
    expect(outcome)
      .to.have.nested.property('reason.message')
      .that.matches(/got an instance of City at value\.list\[0\]$/)
    expect(await cache.get('k'), 'what was there is there still').to.equal('before')
  })

  it('is returned by getOrSet as it is, not kept, and announced', async () => {
    const cache = createCache()
    const city = new City()
    const events = Promise.all([nextSignal(cache, 'error'), nextSignal(cache, 'refuse')])
    expect(await cache.getOrSet('k', () => city)).to.equal(city)
    const [error, refusal] = await events
    expect(error).to.include({ operation: 'keep', namespace: '', key: 'k' })
    expect(error.error).to.be.instanceOf(CodecError)
    expect(refusal).to.deep.include({ namespace: '', key: 'k', reason: 'unkeepable' })
    expect(await cache.get('k')).to.equal(undefined)
  })
})
