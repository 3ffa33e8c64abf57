import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { gate, type Gate } from 'smart-cache/testing'
import { countedLoad } from './held-load.js'

describe('put', () => {
  it('saves, keeps, and returns what saving returned', async () => {
    const cache = createCache()
    const saved: unknown[] = []
    expect(await cache.put('k', { id: 7 }, () => saved.push('it'), { tags: ['t'] })).to.equal(1)
    expect(saved).to.deep.equal(['it'])
    expect(await cache.get('k')).to.deep.equal({ id: 7 })
    await cache.invalidate('t')
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('has the old value served until it has saved, and the new one when it resolves', async () => {
    const cache = createCache()
    const save = gate()
    await cache.set('k', 'old')
    const put = cache.put('k', 'new', () => save)
    expect(await cache.get('k')).to.equal('old')
    save.open()
    await put
    expect(await cache.get('k')).to.equal('new')
  })

  it('that fails to save ends what was there, and fails', async () => {
    const cache = createCache()
    const error = new Error('disk')
    await cache.set('k', 'old')
    const failed = await cache.put('k', 'new', () => Promise.reject(error)).catch((thrown: unknown) => thrown)
    expect(failed).to.equal(error)
    expect(await cache.get('k')).to.equal(undefined)
    expect(await cache.getOrSet('k', () => 'loaded')).to.equal('loaded')
  })

  it('does not save what cannot be kept', async () => {
    const failed = await createCache()
      .put('k', { f: () => 1 }, () => expect.fail('saved'))
      .catch((error: unknown) => error)
    expect(failed).to.have.property('code', 'ERR_CACHE_CODEC')
  })

  it('is not undone by a load that began before it', async () => {
    const cache = createCache()
    const answer = gate<string>()
    const asked = cache.getOrSet('k', () => answer)
    await cache.put('k', 'new', () => undefined)
    answer.open('old')
    expect(await asked).to.equal('old')
    expect(await cache.get('k')).to.equal('new')
  })

  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ]) {
    it(`at once with another, of which ${first} saves first, keeps what was saved last or nothing`, async () => {
      const cache = createCache()
      let database = ''
      const gates: Record<string, Gate> = { a: gate(), b: gate() }
      const put = (value: string) =>
        cache.put('k', value, async () => {
          await gates[value]
          database = value
        })
      const puts = [put('a'), put('b')]
      gates[String(first)]?.open()
      await new Promise(setImmediate)
      gates[String(second)]?.open()
      await Promise.all(puts)
      expect(await cache.getOrSet('k', () => database)).to.equal(database)
    })
  }

  it('whose key is purged meanwhile keeps nothing', async () => {
    const cache = createCache()
    const save = gate()
    const put = cache.put('k', 'new', () => save)
    await new Promise(setImmediate)
    await cache.invalidate({ key: 'k' })
    save.open()
    await put
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('has those who find nothing wait, and load if it fails', async () => {
    const cache = createCache()
    const save = gate()
    const load = countedLoad(() => 'loaded')
    const put = cache.put('k', 'new', () => save).catch(() => 'failed')
    await new Promise(setImmediate)
    const asked = cache.getOrSet('k', load.loader)
    save.fail(new Error('disk'))
    expect([await put, await asked]).to.deep.equal(['failed', 'loaded'])
  })
})
