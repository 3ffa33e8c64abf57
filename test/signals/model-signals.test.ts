import { expect } from 'chai'
import { ConfigError, createCache, type HeardChange } from 'smart-cache'
import { gate } from 'smart-cache/testing'

interface Product {
  readonly id: number
  readonly name: string
}

const OLD: Product = { id: 7, name: 'old' }
const NEW: Product = { id: 7, name: 'new' }

describe('A model’s signal', () => {
  it('reaches those who listen to its model and kind, with the row as it was and as it is', async () => {
    const { signals } = createCache()
    const heard: HeardChange<Product>[] = []
    signals.on<Product>('product', 'saved', change => heard.push(change))
    await signals.saved('product', { before: OLD, after: NEW })
    await signals.deleted('product', { before: NEW })
    await signals.saved('order', { after: { id: 1 } })
    expect(heard).to.deep.equal([{ model: 'product', kind: 'saved', before: OLD, after: NEW }])
  })

  it('reaches who listens to both kinds, once for each', async () => {
    const { signals } = createCache()
    const heard: string[] = []
    signals.on('product', ['saved', 'deleted'], ({ kind }) => heard.push(kind))
    await signals.saved('product', { after: NEW })
    await signals.deleted('product', { before: NEW })
    expect(heard).to.deep.equal(['saved', 'deleted'])
  })

  it('reaches nobody who has stopped listening', async () => {
    const { signals } = createCache()
    const stop = signals.on('product', ['saved', 'deleted'], () => expect.fail('it was stopped'))
    stop()
    await signals.saved('product', { after: NEW })
    await signals.deleted('product', { before: NEW })
  })

  it('is done when its listeners are', async () => {
    const { signals } = createCache()
    const work = gate()
    let done = false
    signals.on('product', 'saved', () => work)
    const raised = signals.saved('product', { after: NEW }).then(() => (done = true))
    await Promise.resolve()
    expect(done).to.equal(false)
    work.open()
    await raised
  })

  it('fails with a listener, when all others were told', async () => {
    const { signals } = createCache()
    const error = new Error('listener')
    const told: number[] = []
    signals.on('product', 'saved', () => Promise.reject(error))
    signals.on('product', 'saved', () => told.push(1))
    expect(await signals.saved('product', { after: NEW }).catch((thrown: unknown) => thrown)).to.equal(error)
    signals.on('product', 'saved', () => {
      throw error
    })
    const both = await signals.saved('product', { after: NEW }).catch((thrown: unknown) => thrown)
    expect(both).to.be.instanceOf(AggregateError).with.property('errors').that.deep.equals([error, error])
    expect(told).to.deep.equal([1, 1])
  })

  it('is another’s to raise, where somebody holds it', async () => {
    const { signals } = createCache()
    const kept: (() => Promise<void>)[] = []
    const heard: string[] = []
    signals.on('product', 'saved', ({ model }) => heard.push(model))
    const letGo = signals.heldBy(raise => kept.push(raise) > 0)
    await signals.saved('product', { after: NEW })
    expect(heard).to.deep.equal([])
    await kept[0]?.()
    expect(heard).to.deep.equal(['product'])
    letGo()
    await signals.saved('product', { after: NEW })
    expect(heard).to.deep.equal(['product', 'product'])
  })

  it('of an unknown kind cannot be listened to', () => {
    const { signals } = createCache()
    expect(() => signals.on('product', 'save' as 'saved', () => 1)).to.throw(ConfigError, '"save"')
    expect(() => signals.on('product', [], () => 1)).to.throw(ConfigError)
  })

  it('is heard by all namespaces of a cache, and by no other cache', async () => {
    const cache = createCache()
    let heard = 0
    cache.namespace('shop').signals.on('product', 'saved', () => heard++)
    createCache().signals.on('product', 'saved', () => heard++)
    await cache.signals.saved('product', { after: NEW })
    expect(heard).to.equal(1)
  })
})

describe('invalidateOn', () => {
  it('purges what it names before the signal resolves, in its namespace', async () => {
    const cache = createCache()
    const shop = cache.namespace('shop')
    shop.invalidateOn<Product>('product', ({ before, after }) => [`product:${(after ?? before)?.id}`, 'product-list'])
    for (const one of [cache, shop]) {
      await one.set('seven', 'v', { tags: ['product:7'] })
      await one.set('list', 'v', { tags: ['product-list'] })
      await one.set('eight', 'v', { tags: ['product:8'] })
    }
    await cache.signals.saved('product', { before: OLD, after: NEW })
    expect(await shop.get('seven')).to.equal(undefined)
    expect(await shop.get('list')).to.equal(undefined)
    expect(await shop.get('eight')).to.equal('v')
    expect(await cache.get('seven')).to.equal('v')
  })

  it('purges by any form of target, until it is ended', async () => {
    const cache = createCache()
    const end = cache.invalidateOn('product', ({ before }) => ({ key: `product:${String(before?.['id'])}` }))
    await cache.set('product:7', 'v')
    await cache.signals.deleted('product', { before: NEW })
    expect(await cache.get('product:7')).to.equal(undefined)
    end()
    await cache.set('product:7', 'v')
    await cache.signals.deleted('product', { before: NEW })
    expect(await cache.get('product:7')).to.equal('v')
  })

  it('fails the signal if it cannot purge', async () => {
    const cache = createCache()
    cache.invalidateOn('product', () => '')
    const failed = await cache.signals.saved('product', { after: NEW }).catch((error: unknown) => error)
    expect(failed).to.have.property('code', 'ERR_CACHE_KEY')
  })
})
