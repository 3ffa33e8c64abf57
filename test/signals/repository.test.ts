import { expect } from 'chai'
import { ConfigError, createCache, type HeardChange } from 'smart-cache'

interface Product {
  readonly id: number
  readonly name: string
}

/** A repository as people write them: private state, methods that call each other. */
class Products {
  readonly #rows = new Map<number, Product>()
  readonly broken = new Error('disk')

  async find(id: number): Promise<Product | undefined> {
    return this.#rows.get(id)
  }

  async save(product: Product): Promise<Product> {
    this.#rows.set(product.id, product)
    return product
  }

  async rename(id: number, change: { readonly name: string }): Promise<void> {
    this.#rows.set(id, { id, ...change })
  }

  remove(id: number): boolean {
    return this.#rows.delete(id)
  }

  async destroy(): Promise<never> {
    throw this.broken
  }
}

function listened(): { readonly cache: ReturnType<typeof createCache>; readonly heard: HeardChange<Product>[] } {
  const cache = createCache()
  const heard: HeardChange<Product>[] = []
  cache.signals.on<Product>('product', ['saved', 'deleted'], change => heard.push(change))
  return { cache, heard }
}

interface Overloaded {
  save(product: Product): Promise<Product>
  save(products: readonly Product[]): Promise<number>
  remove(id: number): boolean
}

/** Compiles only if the two types are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : false

describe('A repository that is wrapped', () => {
  it('has the types that it had, but for writing methods that return at once, which return promises', async () => {
    const rows: Overloaded = {
      save: (async (saved: Product | readonly Product[]) => ('length' in saved ? saved.length : saved)) as Overloaded['save'],
      remove: id => id === 7,
    }
    const wrapped = createCache().repository('product', rows)
    expect(true satisfies Same<(typeof wrapped)['save'], Overloaded['save']>).to.equal(true)
    expect(true satisfies Same<(typeof wrapped)['remove'], (id: number) => Promise<boolean>>).to.equal(true)
    const seven = { id: 7, name: 'soap' }
    expect([await wrapped.save(seven), await wrapped.save([seven, seven]), await wrapped.remove(7)]).to.deep.equal([seven, 2, true])
  })

  it('works as before, and announces what it saves and deletes', async () => {
    const { cache, heard } = listened()
    const products = cache.repository('product', new Products())
    const seven = { id: 7, name: 'soap' }
    expect(await products.save(seven)).to.equal(seven)
    expect(await products.find(7)).to.equal(seven)
    expect(await products.remove(7)).to.equal(true)
    expect(heard.map(({ kind, before, after }) => ({ kind, before, after }))).to.deep.equal([
      { kind: 'saved', before: undefined, after: seven },
      { kind: 'deleted', before: { id: 7 }, after: undefined },
    ])
  })

  it('announces what is named to write, with the row as it was', async () => {
    const { cache, heard } = listened()
    const inner = new Products()
    const products = cache.repository('product', inner, { writes: { rename: 'saved' }, before: (id: number) => inner.find(id) })
    await products.save({ id: 7, name: 'soap' })
    await products.rename(7, { name: 'shampoo' })
    expect(heard).to.have.length(1)
    expect(heard[0]).to.include({ kind: 'saved' })
    expect(heard[0]?.before).to.deep.equal({ id: 7, name: 'soap' })
    expect(heard[0]?.after).to.deep.equal({ id: 7, name: 'shampoo' })
  })

  it('resolves a write when the purge that it announces is in effect', async () => {
    const cache = createCache()
    cache.invalidateOn<Product>('product', ({ before, after }) => `product:${(after ?? before)?.id}`)
    const products = cache.repository('product', new Products())
    await cache.set('page', 'old', { tags: ['product:7'] })
    await products.save({ id: 7, name: 'soap' })
    expect(await cache.get('page')).to.equal(undefined)
  })

  it('announces a write that failed, for it may have happened', async () => {
    const { cache, heard } = listened()
    const inner = new Products()
    const products = cache.repository('product', inner)
    expect(await products.destroy().catch((error: unknown) => error)).to.equal(inner.broken)
    expect(heard).to.have.length(1)
  })

  it('is refused if nothing in it writes, or what is named does not', () => {
    const cache = createCache()
    expect(() => cache.repository('product', { find: () => 1 })).to.throw(ConfigError, 'none of save')
    expect(() => cache.repository('product', new Products(), { writes: { broken: 'saved' } })).to.throw(ConfigError, '"broken"')
    expect(() => cache.repository('product', new Products(), { writes: { rename: 'renamed' as 'saved' } })).to.throw(
      ConfigError,
      'writes.rename',
    )
    expect(() => cache.repository('product', new Products(), { write: {} } as object)).to.throw(ConfigError, '`writes`')
  })
})
