import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { startOwnRedis } from './redis.js'
import type { RedisOptions } from './redis.js'
import { serverOrSkip } from './server-or-skip.js'
import type { ServerProcess } from './server-process.js'

const SLOTS = 16_384
const READY_WITHIN_MS = 60_000

export interface RedisCluster {
  /** The masters, the one with the lowest slots first. `restart` of one gives an empty server that does not belong to the cluster. */
  readonly nodes: readonly ServerProcess[]
  stop(): Promise<void>
}

/**
 * Starts a cluster without replicas, each node with an equal part of the slots. Resolves when every node says that the cluster is whole.
 * @throws {ServerUnavailable} when there is no Redis to be had.
 */
export async function startRedisCluster(masters = 3, settings: RedisOptions['settings'] = {}): Promise<RedisCluster> {
  const started = await Promise.allSettled(
    Array.from({ length: masters }, () => startOwnRedis({ 'cluster-enabled': 'yes', 'cluster-node-timeout': 15_000, ...settings })),
  )
  const nodes = started.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map(node => node.stop())))
  try {
    for (const result of started) if (result.status === 'rejected') throw result.reason
    await join(nodes)
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, stop }
}

/** For mocha's `before`: `cluster = await redisClusterOrSkip(this)`. */
export function redisClusterOrSkip(context: Mocha.Context, masters?: number): Promise<RedisCluster> {
  return serverOrSkip(context, 'Redis', () => startRedisCluster(masters))
}

async function join(nodes: readonly ServerProcess[]): Promise<void> {
  const clients = nodes.map(node => new Redis(node.url, { enableReadyCheck: false }))
  try {
    await Promise.all(clients.map((client, index) => client.cluster('ADDSLOTS', ...slotsOf(index, nodes.length))))
    // Different epochs from the start: no two masters have to settle who is right.
    await Promise.all(clients.map((client, index) => client.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1)))
    for (const client of clients) for (const { port } of nodes) await client.call('CLUSTER', 'MEET', '127.0.0.1', port)
    const deadline = performance.now() + READY_WITHIN_MS
    for (const client of clients) while (!(await isWhole(client, nodes.length))) await waitUntil(deadline)
  } finally {
    for (const client of clients) client.disconnect()
  }
}

function slotsOf(index: number, masters: number): number[] {
  const from = Math.floor((SLOTS * index) / masters)
  const to = Math.floor((SLOTS * (index + 1)) / masters)
  return Array.from({ length: to - from }, (_, offset) => from + offset)
}

async function isWhole(client: Redis, masters: number): Promise<boolean> {
  const info = await client.cluster('INFO')
  return ['cluster_state:ok', `cluster_slots_ok:${SLOTS}`, `cluster_known_nodes:${masters}`].every(line => info.includes(`${line}\r`))
}

async function waitUntil(deadline: number): Promise<void> {
  if (performance.now() > deadline) throw new Error('The cluster did not become whole')
  await sleep(20)
}
