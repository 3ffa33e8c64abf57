import { expect } from 'chai'
import { ConfigError, memoryStore, type Store } from 'smart-cache'
import { intendTo, NOW, purge, sampleEntry } from '../../lib/testing/contract/promised.js'

describe('MemoryStore short of room', () => {
  it('lets go of what was not asked for longest', async () => {
    const { store } = await filled(3_000, { a: 1_000, b: 1_000, c: 1_000 })
    store.peek('a')
    await store.read('b', NOW, false)
    await fill(store, 'd', 1_000)
    expect(present(store, 'abcd')).to.equal('abd')
  })

  it('announces what it lets go of', async () => {
    const { store, evicted } = await filled(3_000, { a: 1_000, b: 2_000 })
    await fill(store, 'c', 2_500)
    expect(evicted).to.deep.equal(['a 1000', 'b 2000'])
  })

  it('announces nothing when it replaces, purges or closes', async () => {
    const { store, evicted } = await filled(3_000, { a: 1_000, b: 1_000, c: 1_000 })
    await store.put(sampleEntry('a'))
    await store.purge([purge('key', 'a'), purge('tag', 't'), purge('prefix', '')])
    await store.close()
    expect(evicted).to.deep.equal([])
  })

  it('refuses what is larger than all its room, and leaves the rest where it is', async () => {
    const { store, evicted } = await filled(3_000, { a: 1_000 })
    expect(await fill(store, 'b', 3_001)).to.equal(false)
    expect(present(store, 'ab')).to.equal('a')
    expect(evicted).to.deep.equal([])
  })

  it('keeps what fills all its room', async () => {
    const { store } = await filled(3_000, {})
    expect(await fill(store, 'a', 3_000)).to.equal(true)
  })

  it('ends what is replaced by something larger than all its room', async () => {
    const { store } = await filled(3_000, { a: 1_000 })
    await store.put({ ...sampleEntry('a'), bytes: 3_001 })
    expect(present(store, 'a')).to.equal('')
  })

  it('makes room for an entry that grows', async () => {
    const { store, evicted } = await filled(3_000, { a: 1_000, b: 1_000, c: 1_000 })
    expect(grow(store, 'b', 1_000)).to.equal(true)
    expect(present(store, 'abc')).to.equal('bc')
    expect(evicted).to.deep.equal(['a 1000'])
    await fill(store, 'd', 1_000)
    expect(present(store, 'bcd')).to.equal('cd')
    expect(evicted).to.deep.equal(['a 1000', 'b 2000'])
  })

  it('lets no entry grow beyond all its room, nor one that is no longer there', async () => {
    const { store, evicted } = await filled(3_000, { a: 1_000, b: 1_000 })
    const entry = store.peek('b')
    expect(grow(store, 'a', 2_001)).to.equal(false)
    await store.put(sampleEntry('b'))
    expect(entry && store.grow?.(entry, 1)).to.equal(false)
    const other = store.peek('a')
    await store.purge([purge('prefix', 'a')])
    expect(other && store.grow?.(other, 1)).to.equal(false)
    expect([present(store, 'ab'), evicted]).to.deep.equal(['b', []])
  })

  it('never holds more than it may', async () => {
    const { store } = await filled(10_000, {})
    const held = new Map<string, number>()
    store.watch({ purged: () => undefined, evicted: key => void held.delete(key) })
    for (let number = 0; number < 500; number++) {
      const bytes = 1 + ((number * 7_919) % 3_000)
      await fill(store, `key ${number}`, bytes)
      held.set(`key ${number}`, bytes)
      expect([...held.values()].reduce((sum, some) => sum + some, 0)).to.be.at.most(10_000)
    }
    for (const key of held.keys()) expect(store.peek(key)).to.not.equal(undefined)
  })
})

describe('The options of memoryStore()', () => {
  it('are a number of bytes, or a size', async () => {
    expect(await fill((await filled('1kb', {})).store, 'a', 1_024)).to.equal(true)
    expect(await fill((await filled('1kb', {})).store, 'a', 1_025)).to.equal(false)
  })

  it('are checked at once', async () => {
    expect(() => memoryStore({ maxBytes: '64' as '64mb' })).to.throw(ConfigError, '`maxBytes`')
    expect(() => memoryStore({ maxByte: 1 } as object)).to.throw(
      ConfigError,
      'memoryStore() has no option `maxByte`. Did you mean `maxBytes`?',
    )
  })
})

async function filled(maxBytes: number | '1kb', sizes: Readonly<Record<string, number>>) {
  const store = memoryStore({ maxBytes })
  const evicted: string[] = []
  store.watch({ purged: () => undefined, evicted: (key, bytes) => void evicted.push(`${key} ${bytes}`) })
  for (const [key, bytes] of Object.entries(sizes)) await fill(store, key, bytes)
  return { store, evicted }
}

async function fill(store: Store, key: string, bytes: number): Promise<boolean> {
  const { lease, position } = await intendTo(store, key)
  return store.fill({ ...sampleEntry(key, { position }), bytes }, lease)
}

/** Which of these keys, one letter each, the store has. */
function present(store: Store, keys: string): string {
  return keys
    .split('')
    .filter(key => store.peek(key) !== undefined)
    .join('')
}

function grow(store: Store, key: string, bytes: number): boolean | undefined {
  const entry = store.peek(key)
  return entry && store.grow?.(entry, bytes)
}
