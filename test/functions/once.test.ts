import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { countedLoad } from '../cache/held-load.js'

describe('once', () => {
  it('computes once for an object and a name, and hands out the thing itself', () => {
    const cache = createCache()
    const [one, other] = [{}, {}]
    const compute = countedLoad(call => ({ call }))
    const first = cache.once(one, 'total', compute.loader)
    expect(cache.once(one, 'total', compute.loader)).to.equal(first)
    expect(cache.once(other, 'total', compute.loader)).to.deep.equal({ call: 2 })
    expect(cache.once(one, 'sum', compute.loader)).to.deep.equal({ call: 3 })
  })

  it('keeps undefined, and no error', () => {
    const cache = createCache()
    const order = {}
    const compute = countedLoad(call => {
      if (call === 1) throw new Error('first')
      return undefined
    })
    expect(() => cache.once(order, 'total', compute.loader)).to.throw('first')
    cache.once(order, 'total', compute.loader)
    cache.once(order, 'total', compute.loader)
    expect(compute.calls).to.equal(2)
  })

  it('awaits once, and keeps no rejection', async () => {
    const cache = createCache()
    const order = {}
    const compute = countedLoad(async call => {
      if (call === 1) throw new Error('first')
      return call
    })
    const asked = [1, 2].map(() => cache.once(order, 'total', compute.loader).catch((error: Error) => error.message))
    expect(await Promise.all(asked)).to.deep.equal(['first', 'first'])
    expect(await Promise.all([1, 2].map(() => cache.once(order, 'total', compute.loader)))).to.deep.equal([2, 2])
  })

  it('decorates getters and methods', async () => {
    const cache = createCache()
    let computed = 0
    class Order {
      readonly #lines = [1, 2]

      @cache.once()
      get total(): number {
        computed++
        return this.#lines.reduce((sum, line) => sum + line, 0)
      }

      @cache.once()
      async shipping(): Promise<number> {
        computed++
        return this.total * 2
      }
    }
    const order = new Order()
    expect([order.total, order.total, await order.shipping(), await order.shipping()]).to.deep.equal([3, 3, 6, 6])
    expect(new Order().total).to.equal(3)
    expect(computed).to.equal(3)
  })

  it('has whoever uses it depend on what it was made of', async () => {
    const cache = createCache()
    const order = {}
    const total = () => cache.once(order, 'total', () => cache.getOrSet('price', () => 7, { tags: ['prices'] }))
    for (const page of ['first', 'second']) await cache.getOrSet(page, total)
    await cache.invalidate('prices')
    expect([await cache.get('first'), await cache.get('second')]).to.deep.equal([undefined, undefined])
  })
})
