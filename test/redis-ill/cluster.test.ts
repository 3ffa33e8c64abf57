import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { Cluster, Redis } from 'ioredis'
import { createCache, StoreError, type Cache } from 'smart-cache'
import { redisStore } from 'smart-cache/redis'
import { until } from '../redis/world.js'
import { redisClusterOrSkip, type RedisCluster } from '../servers/redis-cluster.js'
import { Pulse } from './pulse.js'
import { RunningClock } from './running-clock.js'
import { HANDLER_MS } from './site.js'

/** What a busy machine may add. Without a budget there would be no answer at all. */
const SLACK_MS = 2000
const KEYS = Array.from({ length: 24 }, (_, id) => `key:${id}`)

describe('A Redis Cluster of which one node is frozen', () => {
  let cluster: RedisCluster
  let client: Cluster
  let clock: RunningClock
  let cache: Cache

  before(async function () {
    cluster = await redisClusterOrSkip(this)
    client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
    client.on('error', () => undefined)
    clock = new RunningClock()
    cache = createCache({ store: redisStore({ client, near: false }) })
    while ((await visits('warm')).loads > 0);
  })

  after(async () => {
    await cache?.close()
    client?.disconnect()
    clock?.stop()
    await cluster?.stop()
  })

  /** One visitor after the other, for the same keys each time. */
  async function visits(what: string): Promise<{ readonly times: readonly number[]; readonly loads: number }> {
    const times: number[] = []
    let loads = 0
    const load = async () => {
      loads++
      await wait(HANDLER_MS)
      return what
    }
    for (const key of KEYS) {
      const startedAt = clock.now()
      await cache.getOrSet(`${what} ${key}`, load, { tags: [what] })
      times.push(clock.now() - startedAt)
    }
    return { times, loads }
  }

  it('delays few, keeps what belongs to the other nodes, rejects what needs all, and is whole again within 3 s', async () => {
    cluster.nodes[0]?.pause()
    try {
      const { times } = await visits('ill')
      expect(Math.max(...times)).to.be.below(250 + HANDLER_MS + SLACK_MS)
      // Each of the four shards may have to find out by itself, with three questions.
      expect(times.filter(ms => ms > 250).length).to.be.at.most(12)
      let again: number
      do {
        again = (await visits('ill')).loads
        expect(again, 'of what is asked again').to.be.at.least(1)
      } while (again > KEYS.length - 5)
      const purge = await cache.invalidate('warm').catch((error: unknown) => error)
      expect(purge).to.be.instanceOf(StoreError)
    } finally {
      cluster.nodes[0]?.resume()
    }
    const thawedAt = clock.now()
    const witness = new Redis(cluster.nodes[0]?.port ?? 0)
    try {
      const pulse = new Pulse(witness, clock)
      while ((await visits('well')).loads > 0);
      expect(clock.now() - thawedAt).to.be.below(3000 + 2 * pulse.longestMs)
    } finally {
      witness.disconnect()
    }
    await until(async () => (await cache.invalidate('well').catch(() => 'rejected')) === undefined)
    expect((await visits('well')).loads).to.equal(KEYS.length)
  })
})
