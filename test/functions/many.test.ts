import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { gate } from 'smart-cache/testing'

function counted(options: { readonly fails?: number } = {}) {
  const cache = createCache()
  const batches: (readonly (readonly [number])[])[] = []
  const f = cache.cached(async (id: number) => `one ${id}`, {
    key: 'f:{0}',
    tags: id => [`user:${id}`],
    loadMany: async calls => {
      batches.push(calls)
      return calls.map(([id]) => (id === options.fails ? new Error(`no ${id}`) : `batch ${id}`))
    },
  })
  return { cache, f, batches }
}

describe('many', () => {
  it('loads what is missing by one call of the batch loader, in the order of the calls', async () => {
    const { f, batches } = counted()
    await f(2)
    expect(await f.many([[1], [2], [3]])).to.deep.equal(['batch 1', 'one 2', 'batch 3'])
    expect(batches).to.deep.equal([[[1], [3]]])
    expect(await f.many([[3], [2], [1]])).to.deep.equal(['batch 3', 'one 2', 'batch 1'])
    expect(await f(3)).to.equal('batch 3')
    expect(batches).to.have.length(1)
  })

  it('calls no batch loader where nothing is missing or asked', async () => {
    const { f, batches } = counted()
    await f(1)
    expect(await f.many([[1]])).to.deep.equal(['one 1'])
    expect(await f.many([])).to.deep.equal([])
    expect(batches).to.deep.equal([])
  })

  it('loads a call once that is asked for twice', async () => {
    const { f, batches } = counted()
    expect(await f.many([[1], [1], [2]])).to.deep.equal(['batch 1', 'batch 1', 'batch 2'])
    expect(batches).to.deep.equal([[[1], [2]]])
  })

  it('loads once for all who ask at once', async () => {
    const { f, batches } = counted()
    await Promise.all(Array.from({ length: 100 }, () => f.many([[1], [2], [3]])))
    expect(batches.flat()).to.have.length(3)
  })

  it('does not wait for another’s load before it begins its own', async () => {
    const cache = createCache()
    const slow = gate<string>()
    const batches: number[][] = []
    const f = cache.cached((id: number) => (id === 1 ? slow : Promise.resolve(`one ${id}`)), {
      name: 'f',
      loadMany: calls => {
        batches.push(calls.map(([id]) => id))
        return calls.map(([id]) => `batch ${id}`)
      },
    })
    const one = f(1)
    const all = f.many([[1], [2]])
    while (batches.length === 0) await new Promise(setImmediate)
    expect(await f(2)).to.equal('batch 2')
    slow.open('slow 1')
    expect([await one, await all]).to.deep.equal(['slow 1', ['slow 1', 'batch 2']])
    expect(batches).to.deep.equal([[2]])
  })

  it('rejects with the error of a call that failed, and keeps the others', async () => {
    const { f, batches } = counted({ fails: 2 })
    expect(await f.many([[1], [2], [3]]).catch((error: Error) => error.message)).to.equal('no 2')
    expect([await f(1), await f(3), await f(2)]).to.deep.equal(['batch 1', 'batch 3', 'one 2'])
    expect(batches).to.have.length(1)
  })

  it('rejects if the batch loader fails, or brings too few', async () => {
    const cache = createCache()
    const error = new Error('origin')
    const failing = cache.cached(async (id: number) => id, {
      name: 'failing',
      loadMany: () => {
        throw error
      },
    })
    expect(await failing.many([[1], [2]]).catch((thrown: unknown) => thrown)).to.equal(error)
    const few = cache.cached(async (id: number) => id, { name: 'few', loadMany: async () => [1] })
    expect(await few.many([[1], [2]]).catch((thrown: unknown) => thrown)).to.have.property('code', 'ERR_CACHE_BATCH')
    expect([await failing(1), await few(2)]).to.deep.equal([1, 2])
  })

  it('gives each what the batch depends on, besides its own tags', async () => {
    const cache = createCache()
    const f = cache.cached(async (id: number) => id, {
      name: 'f',
      tags: id => [`user:${id}`],
      loadMany: async calls => {
        await cache.getOrSet('inner', () => 'v', { tags: ['inner'] })
        return calls.map(([id]) => id)
      },
    })
    await f.many([[1], [2]])
    expect((await f.entry(1))?.tags.toSorted()).to.deep.equal(['inner', 'user:1'])
    await cache.invalidate('user:1')
    expect([await f.entry(1), (await f.entry(2))?.value]).to.deep.equal([undefined, 2])
    await cache.invalidate('inner')
    expect(await f.entry(2)).to.equal(undefined)
  })

  it('calls the function for each where there is no batch loader', async () => {
    const f = createCache().cached(async (id: number) => id * id, { name: 'f' })
    expect(await f.many([[1], [2], [3]])).to.deep.equal([1, 4, 9])
  })
})
