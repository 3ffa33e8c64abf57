import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { onRedis } from '../on-redis.js'
import { POLICY } from './purges.js'
import type { Told } from './stopped-process.js'

onRedis('Rule 5, fence: a process that has not heard from the journal', open => {
  it('serves nothing from its near tier once a purge has resolved without it', async () => {
    const world = open()
    const reader = await world.member({ leaseMs: 400 })
    const writer = await world.member()
    let value = 'v1'
    const f = reader.cache.cached((_id: number) => value, { name: 'f', ...POLICY })
    expect(await reader.cache.getOrSet('k', () => value, POLICY)).to.equal('v1')
    for (const _ of [1, 2, 3]) expect(await f(7)).to.equal('v1')
    await reader.deafen()
    value = 'v2'
    await writer.cache.invalidate('t')
    expect(await f(7)).to.equal('v2')
    expect(reader.store.peek('k')).to.equal(undefined)
    expect(await reader.cache.getOrSet('k', () => value, POLICY)).to.equal('v2')
  })

  it('has no lease from a renewal that was answered too late: it counts from when that was sent', async () => {
    const world = open()
    const reader = await world.member({ leaseMs: 400 })
    const writer = await world.member()
    expect(await reader.cache.getOrSet('k', () => 'v1', POLICY)).to.equal('v1')
    reader.far.hold('listen', 'back')
    const answer = reader.far.hold('renew', 'back')
    await answer.reached
    await writer.cache.invalidate('t')
    const next = reader.far.hold('renew', 'there')
    answer.open()
    await next.reached
    expect(reader.store.upToDate('k')).to.equal(false)
    expect(reader.store.peek('k')).to.equal(undefined)
  })

  it('wakes up without its lease if it was stopped', async () => {
    const world = open()
    const writer = await world.member()
    const stopped = fork(PROCESS, [world.url, world.prefix, 'v1'])
    try {
      expect(await toldBy(stopped)).to.deep.equal({ state: 'keeps', atHand: 'v1' })
      stopped.kill('SIGSTOP')
      await writer.cache.invalidate('t')
      const told = toldBy(stopped)
      stopped.send('wake up')
      stopped.kill('SIGCONT')
      expect(await told).to.deep.equal({ state: 'woken' })
    } finally {
      stopped.kill('SIGKILL')
    }
  })
})

const PROCESS = fileURLToPath(new URL('stopped-process.js', import.meta.url))

async function toldBy(child: ChildProcess): Promise<Told> {
  const [told] = (await once(child, 'message')) as [Told]
  return told
}
