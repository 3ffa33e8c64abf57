import { expect } from 'chai'
import { onRedis } from '../on-redis.js'
import { PURGES, POLICY } from './purges.js'

onRedis('Rule 4, acks: a purge', open => {
  for (const [what, purge] of Object.entries(PURGES)) {
    it(`of ${what} has been applied by every living member when it resolves`, async () => {
      const world = open()
      const [writer, ...readers] = [await world.member(), await world.member(), await world.member()]
      for (const { cache } of readers) expect(await cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
      const deaf = await Promise.all(readers.map(reader => reader.deafen()))
      const done = writer.far.holdNext('purge', 'back')
      const seen = purge(writer.cache).then(() => readers.map(({ store }) => store.peek('k')?.value))
      await done.reached
      expect(
        readers.map(({ store }) => store.peek('k')?.value),
        'they have not heard of it',
      ).to.deep.equal(['v1', 'v1'])
      done.open()
      for (const { news } of deaf) {
        await allThatIsDue()
        news.open()
      }
      expect(await seen).to.deep.equal([undefined, undefined])
    })
  }

  it('of the process itself has been applied there, too', async () => {
    const world = open()
    const { cache, store, far, deafen } = await world.member()
    await cache.getOrSet('k', () => 'v1', POLICY)
    const { news } = await deafen()
    const done = far.holdNext('purge', 'back')
    const seen = cache.invalidate('t').then(() => store.peek('k'))
    await done.reached
    done.open()
    await allThatIsDue()
    news.open()
    expect(await seen).to.equal(undefined)
  })

  it('does not wait for them if it is not to', async () => {
    const world = open()
    const [reader, writer] = [await world.member(), await world.member()]
    await reader.cache.getOrSet('k', () => 'v1', POLICY)
    const { news } = await reader.deafen()
    await writer.cache.invalidate('t', { wait: false })
    expect(reader.store.peek('k')?.value).to.equal('v1')
    news.open()
  })
})

/** Lets everything happen that waits for nothing more. */
async function allThatIsDue(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
}
