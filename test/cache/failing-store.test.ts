import { expect } from 'chai'
import { createCache, StoreError, type Store } from 'smart-cache'
import { storeWith } from '../stores/store-with.js'
import { countedLoad } from './held-load.js'
import { nextSignal } from './next-signal.js'

const broken = new Error('ECONNRESET')

function failing(...methods: readonly (keyof Store)[]) {
  const store = storeWith(() =>
    Object.fromEntries(methods.map((method, number) => [method, () => (number % 2 === 0 ? Promise.reject(broken) : thrown())])),
  )
  return createCache({ store })
}

function thrown(): never {
  throw broken
}

describe('With a store that fails', () => {
  it('getOrSet loads for everybody apart, and the failure is announced', async () => {
    const cache = failing('read')
    const load = countedLoad(call => `load ${call}`)
    const event = nextSignal(cache, 'error')
    expect(await Promise.all([1, 2].map(() => cache.getOrSet('k', load.loader)))).to.have.members(['load 1', 'load 2'])
    const { error, ...about } = await event
    expect(about).to.deep.equal({ operation: 'store', namespace: '', key: 'k' })
    expect(error).to.be.instanceOf(StoreError).with.property('cause', broken)
  })

  it('getOrSet returns what it has loaded if that cannot be kept, to all who wait', async () => {
    const cache = failing('fill')
    const events = Promise.all([nextSignal(cache, 'error'), nextSignal(cache, 'refuse')])
    const load = countedLoad(() => 'v')
    expect(await Promise.all([1, 2].map(() => cache.getOrSet('k', load.loader)))).to.deep.equal(['v', 'v'])
    expect(load.calls).to.equal(1)
    const [{ operation }, refusal] = await events
    expect(operation).to.equal('store')
    expect(refusal).to.deep.include({ namespace: '', key: 'k', reason: 'store' })
  })

  it('getOrSet throws the loader’s error even if the lease cannot be given back', async () => {
    const cache = failing('release')
    const error = new Error('origin')
    const event = nextSignal(cache, 'error')
    const [outcome] = await Promise.allSettled([cache.getOrSet('k', () => Promise.reject(error))])
    expect(outcome).to.deep.equal({ status: 'rejected', reason: error })
    expect((await event).error)
      .to.be.instanceOf(StoreError)
      .with.property('operation', 'release')
  })

  for (const [what, method, call] of [
    ['get', 'read', cache => cache.get('k')],
    ['set', 'put', cache => cache.set('k', 'v')],
    ['delete', 'purge', cache => cache.delete('k')],
    ['invalidate', 'purge', cache => cache.invalidate('t')],
    ['clear', 'purge', cache => cache.clear()],
  ] as readonly [string, keyof Store, (cache: ReturnType<typeof failing>) => Promise<unknown>][]) {
    it(`${what} rejects`, async () => {
      const cache = failing(method)
      const heard: string[] = []
      for (const name of ['fill', 'purge'] as const) cache.on(name, () => void heard.push(name))
      const [outcome] = await Promise.allSettled([call(cache)])
      expect(outcome).to.have.property('reason').that.is.instanceOf(StoreError)
      expect(outcome).to.have.nested.property('reason.cause', broken)
      expect(heard, 'what did not happen is not announced').to.deep.equal([])
    })
  }
})
