import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { gate, type Gate } from 'smart-cache/testing'
import { countedLoad } from '../cache/held-load.js'
import { storeWith } from '../stores/store-with.js'
import { memoryStore } from 'smart-cache'

describe('A refresh', () => {
  it('loads anew what is fresh, and then everybody is served that', async () => {
    const cache = createCache()
    const load = countedLoad(call => call)
    const f = cache.cached((_id: number) => load.loader(), { key: 'f:{0}' })
    for (const _ of [1, 2, 3]) await f(7)
    expect(await f.refresh(7)).to.equal(2)
    expect([await f(7), await f(7), await cache.get('f:7')]).to.deep.equal([2, 2, 2])
  })

  it('has the old value served until it is done', async () => {
    const answer = gate<string>()
    const load = countedLoad(call => (call === 1 ? 'old' : answer))
    const f = createCache().cached((_id: number) => load.loader(), { name: 'f' })
    await f(7)
    const refreshed = f.refresh(7)
    expect([await f(7), await f(7)]).to.deep.equal(['old', 'old'])
    answer.open('new')
    expect([await refreshed, await f(7)]).to.deep.equal(['new', 'new'])
  })

  it('that fails leaves what was there', async () => {
    const load = countedLoad(call => (call === 1 ? 'old' : Promise.reject(new Error('origin'))))
    const f = createCache().cached((_id: number) => load.loader(), { name: 'f' })
    await f(7)
    expect(await f.refresh(7).catch((error: Error) => error.message)).to.equal('origin')
    expect(await f(7)).to.equal('old')
  })

  it('begins after it was asked for, and is shared by all who asked before it began', async () => {
    const answers: Gate<number>[] = []
    const f = createCache().cached(
      (_id: number) => {
        const answer = gate<number>()
        answers.push(answer)
        return answer
      },
      { name: 'f' },
    )
    const first = f.refresh(7)
    const others = Array.from({ length: 1000 }, () => f.refresh(7))
    await until(() => answers.length === 1)
    answers[0]?.open(1)
    expect(await first).to.equal(1)
    await until(() => answers.length === 2)
    answers[1]?.open(2)
    expect(new Set(await Promise.all(others))).to.deep.equal(new Set([2]))
    expect(answers).to.have.length(2)
  })

  it('is not kept over a purge that came meanwhile, and neither is what was there', async () => {
    const answer = gate<string>()
    const cache = createCache()
    const load = countedLoad(call => (call === 2 ? answer : `load ${call}`))
    const f = cache.cached((_id: number) => load.loader(), { name: 'f', tags: ['t'] })
    await f(7)
    const refreshed = f.refresh(7)
    await until(() => load.calls === 2)
    await cache.invalidate('t')
    answer.open('too old')
    expect(await refreshed).to.equal('too old')
    expect(await f(7)).to.equal('load 3')
  })

  it('is kept over a load that began before it', async () => {
    const slow = gate<string>()
    const load = countedLoad(call => (call === 1 ? slow : `load ${call}`))
    const f = createCache().cached((_id: number) => load.loader(), { name: 'f' })
    const asked = f(7)
    await until(() => load.calls === 1)
    expect(await f.refresh(7)).to.equal('load 2')
    slow.open('too old')
    expect(await asked).to.equal('too old')
    expect(await f(7)).to.equal('load 2')
  })

  it('of what is not to be kept leaves nothing', async () => {
    const load = countedLoad(call => call)
    const f = createCache().cached((_id: number) => load.loader(), { name: 'f', when: call => call !== 2 })
    await f(7)
    expect(await f.refresh(7)).to.equal(2)
    expect(await f.entry(7)).to.equal(undefined)
    expect(await f(7)).to.equal(3)
  })

  it('fails if the store cannot say that the old value is gone', async () => {
    let broken = false
    const store = storeWith(inner => ({
      read: (key, now, toFill) => (broken ? Promise.reject(new Error('gone')) : inner.read(key, now, toFill)),
    }))
    const f = createCache({ store }).cached(async (id: number) => id, { name: 'f' })
    await f(7)
    broken = true
    expect(await f.refresh(7).catch((error: unknown) => error)).to.have.property('code', 'ERR_CACHE_STORE')
  })

  it('is refused when the cache is closed', async () => {
    const cache = createCache({ store: memoryStore() })
    const f = cache.cached(async (id: number) => id, { name: 'f' })
    await cache.close()
    expect(await f.refresh(7).catch((error: unknown) => error)).to.have.property('code', 'ERR_CACHE_CLOSED')
  })
})

async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise(setImmediate)
}
