import { expect } from 'chai'
import { Cluster } from 'ioredis'
import { isAlive } from './is-alive.js'
import { redisClusterOrSkip } from './redis-cluster.js'
import type { RedisCluster } from './redis-cluster.js'

describe('A Redis cluster started for tests', () => {
  let cluster: RedisCluster

  before(async function () {
    cluster = await redisClusterOrSkip(this)
  })

  after(() => cluster?.stop())

  it('keeps keys on all of its nodes', async () => {
    const client = new Cluster(cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
    try {
      const keys = Array.from({ length: 100 }, (_, index) => `key ${index}`)
      await Promise.all(keys.map(key => client.set(key, key)))
      expect(await Promise.all(keys.map(key => client.get(key)))).to.deep.equal(keys)
      const sizes = await Promise.all(client.nodes('master').map(node => node.dbsize()))
      expect(sizes).to.have.length(3)
      expect(Math.min(...sizes)).to.be.above(0)
    } finally {
      client.disconnect()
    }
  })

  it('leaves no process behind when stopped', async () => {
    const pids = cluster.nodes.map(node => node.pid ?? 0)
    await cluster.stop()
    expect(await Promise.all(pids.map(isAlive))).to.deep.equal([false, false, false])
  })
})
