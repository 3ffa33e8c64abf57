import { expect } from 'chai'
import { ConfigError, createCache } from 'smart-cache'

describe('A cached method', () => {
  it('runs once for equal arguments, for all instances of its class', async () => {
    const cache = createCache()
    const seen: string[] = []
    class Shop {
      readonly kinds = 'food'

      @cache.cached({ ttl: '10m', tags: ['offers'] })
      async offers(city: string): Promise<string> {
        seen.push(city)
        return `${city}: ${this.kinds}`
      }
    }
    expect([await new Shop().offers('Bern'), await new Shop().offers('Bern')]).to.deep.equal(['Bern: food', 'Bern: food'])
    expect(await new Shop().offers('Basel')).to.equal('Basel: food')
    expect(seen).to.deep.equal(['Bern', 'Basel'])
    expect(await cache.get('Shop.offers("Bern")')).to.equal('Bern: food')
    await cache.invalidate('offers')
    await new Shop().offers('Bern')
    expect(seen).to.have.length(3)
  })

  it('is kept apart from that of another class, and of one that extends it', async () => {
    const cache = createCache()
    class Shop {
      @cache.cached()
      async name(): Promise<string> {
        return this.constructor.name
      }
    }
    class Bakery extends Shop {}
    class Garage {
      @cache.cached()
      async name(): Promise<string> {
        return 'a garage'
      }
    }
    expect([await new Shop().name(), await new Bakery().name(), await new Garage().name()]).to.deep.equal(['Shop', 'Bakery', 'a garage'])
  })

  it('is kept by what its key says of the instance', async () => {
    const cache = createCache()
    class Shop {
      readonly region: string
      constructor(region: string) {
        this.region = region
      }

      @cache.cached({ key: 'offers:{this.region}:{0}' })
      async offers(city: string): Promise<string> {
        return `${city} in the ${this.region}`
      }
    }
    const [north, south] = [new Shop('north'), new Shop('south')]
    expect([await north.offers('Bern'), await south.offers('Bern')]).to.deep.equal(['Bern in the north', 'Bern in the south'])
    expect(await cache.get('offers:south:Bern')).to.equal('Bern in the south')
  })

  it('can be static, and reach private fields', async () => {
    const cache = createCache()
    class Shop {
      static #calls = 0
      readonly open = true

      @cache.cached()
      static async count(): Promise<number> {
        return ++Shop.#calls
      }
    }
    expect([await Shop.count(), await Shop.count()]).to.deep.equal([1, 1])
  })

  it('is refused when an object of a class without a name, or of a second class of one name, is made', () => {
    const cache = createCache()
    const make = (name: string) =>
      ({
        [name]: class {
          @cache.cached()
          async offers(): Promise<void> {}
        },
      })[name] as new () => object
    expect(() => new (make(''))()).to.throw(ConfigError, 'without a name')
    expect(new (make('Shop'))()).to.be.instanceOf(Object)
    expect(() => new (make('Shop'))()).to.throw(ConfigError, '"Shop.offers"')
  })
})
