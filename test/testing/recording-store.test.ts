import { expect } from 'chai'
import { createCache, type Store } from 'smart-cache'
import { recordingStore, storeContract } from 'smart-cache/testing'
import { storeWith } from '../stores/store-with.js'

describe('A recording store', () => {
  it('remembers what was asked of it, in order, with what it was asked and what it answered', async () => {
    const store = recordingStore()
    const cache = createCache({ store })
    await cache.getOrSet('tree', () => 'oak', { tags: ['wood'] })
    const [read, fill, ...others] = store.calls().filter(({ operation }) => operation !== 'peek')
    expect(others).to.deep.equal([])
    expect(read).to.deep.include({ operation: 'read', names: ['tree'] })
    expect(read?.answer).to.have.property('entry', undefined)
    expect(fill).to.deep.include({ operation: 'fill', names: ['tree'], answer: true })
    expect(fill?.args[0]).to.deep.include({ key: 'tree', value: 'oak', tags: ['wood'] })
  })

  it('tells the calls of one operation, by the names they are about', async () => {
    const store = recordingStore()
    const shop = createCache({ store }).namespace('shop')
    await shop.set('a', 1)
    await shop.set('b', 2)
    await shop.increment('c')
    await shop.invalidate(['t', 'u'])
    await shop.deleteMany(['a', 'b'])
    expect(store.calls('put').map(({ names }) => names)).to.deep.equal([['~/shop:a'], ['~/shop:b']])
    expect(store.calls('count').map(({ names }) => names)).to.deep.equal([['~/shop:c']])
    expect(store.calls('purge').map(({ names }) => names)).to.deep.equal([
      ['~/shop:t', '~/shop:u'],
      ['~/shop:a', '~/shop:b'],
    ])
    expect(store.calls('touch')).to.deep.equal([])
  })

  it('forgets the calls when it is told to, and nothing else', async () => {
    const store = recordingStore()
    const cache = createCache({ store })
    await cache.set('k', 'v')
    store.forgetCalls()
    expect(store.calls()).to.deep.equal([])
    expect(await cache.get('k')).to.equal('v')
    expect(store.calls('peek')).to.have.length(1)
  })

  it('shows that a thousand callers cost the store one look', async () => {
    const store = recordingStore()
    const f = createCache({ store }).cached(async (id: number) => id, { name: 'f' })
    await Promise.all(Array.from({ length: 1000 }, () => f(7)))
    expect([store.calls('read').length, store.calls('fill').length]).to.deep.equal([1, 1])
  })

  it('remembers calls that throw and those that are answered later', async () => {
    const error = new Error('gone')
    const store = recordingStore(
      storeWith(() => ({
        read: async () => Promise.reject(error),
        put: () => {
          throw error
        },
      })),
    )
    const cache = createCache({ store })
    await Promise.allSettled([cache.get('k'), cache.set('k', 'v')])
    expect(await Promise.resolve(store.calls('read')[0]?.answer).catch((thrown: unknown) => thrown)).to.equal(error)
    expect(store.calls('put').map(({ names, answer }) => ({ names, answer }))).to.deep.equal([{ names: ['k'], answer: undefined }])
  })

  it('has the methods that the store has, and no others', () => {
    const without = recordingStore(storeWith(() => ({})))
    const upToDate: Store['upToDate'] = () => false
    const withOne = recordingStore(storeWith(() => ({ upToDate })))
    expect([without.upToDate, 'upToDate' in without, withOne.upToDate?.('k'), 'upToDate' in withOne]).to.deep.equal([
      undefined,
      false,
      false,
      true,
    ])
    expect(without.name).to.equal('test')
  })

  describe('is a store', () => {
    for (const { title, run } of storeContract(() => recordingStore())) it(title, run)
  })
})
