import { expect } from 'chai'
import { memoryStore } from 'smart-cache'
import { assertHolds, assertLacks, intendTo, kept, purge, sampleEntry } from '../../lib/testing/contract/promised.js'

describe('MemoryStore after more purges than it remembers', () => {
  it('has nothing that is older than what it forgot', async () => {
    const store = memoryStore()
    await kept(store, 'a')
    for (let number = 0; number < 300; number++) await store.purge([purge('pattern', `x${number}*`)])
    await assertLacks(store, 'a', 'nobody can tell whether it was purged')
  })

  it('still has what was asked for meanwhile, and found untouched', async () => {
    const store = memoryStore()
    const entry = await kept(store, 'a')
    for (let number = 0; number < 300; number++) {
      await store.purge([purge('pattern', `x${number}*`)])
      if (number % 100 === 0) store.peek('a')
    }
    await assertHolds(store, entry, 'it was compared before the first was forgotten')
  })

  it('refuses the fill of what was read before', async () => {
    const store = memoryStore()
    const { lease, position } = await intendTo(store, 'a')
    await store.purge(Array.from({ length: 65_537 }, (_, number) => purge('tag', `tag ${number}`)))
    expect(await store.fill(sampleEntry('a', { tags: ['untouched'], position }), lease)).to.equal(false)
  })
})

describe('A purge of MemoryStore', () => {
  it('costs the same however much it touches', async () => {
    const store = memoryStore()
    for (let number = 0; number < 10_000; number++) await kept(store, `key ${number}`, { tags: ['t'] })
    const begun = process.cpuUsage()
    for (let number = 0; number < 10_000; number++) {
      await store.purge([purge('tag', 't'), purge('prefix', 'key'), purge('pattern', 'key*')])
    }
    // Going through the entries each time would be 300,000,000 looks.
    expect(process.cpuUsage(begun).user).to.be.below(1_000_000)
    await assertLacks(store, 'key 7', 'it was purged')
  })
})
