import { Cluster, Redis } from 'ioredis'
import { Cluster as Cluster6, Redis as Redis6 } from 'ioredis-6'
import type { Store } from 'smart-cache'
import { redisStore, type RedisStoreClient, type RedisStoreOptions } from 'smart-cache/redis'
import { until } from './world.js'

/** What is used of a client besides what the store uses. */
export interface Client extends RedisStoreClient {
  hset(key: string, field: string, value: number): Promise<number>
  disconnect(): void
}

type Nodes = { readonly host: string; readonly port: number }[]

/** How clients of a kind are made. */
export interface ClientKind {
  single(url: string): Client
  cluster(nodes: Nodes): Client
}

export const CLIENTS = {
  'ioredis 5': { single: url => new Redis(url), cluster: nodes => new Cluster(nodes) },
  'ioredis 5 with a prefix of its own': {
    single: url => new Redis(url, { keyPrefix: 'site:' }),
    cluster: nodes => new Cluster(nodes, { keyPrefix: 'site:' }),
  },
  'ioredis 5 that puts commands together': {
    single: url => new Redis(url, { enableAutoPipelining: true }),
    cluster: nodes => new Cluster(nodes, { enableAutoPipelining: true }),
  },
  'ioredis 6': { single: url => new Redis6(url), cluster: nodes => new Cluster6(nodes) },
  'ioredis 6 with the protocol of old': {
    single: url => new Redis6(url, { protocol: 2 }),
    cluster: nodes => new Cluster6(nodes, { redisOptions: { protocol: 2 } }),
  },
  'ioredis 6 that answers in the shapes of RESP3': {
    single: url => new Redis6(url, { replyMapping: 'resp3' }),
    cluster: nodes => new Cluster6(nodes, { redisOptions: { replyMapping: 'resp3' } }),
  },
} as const satisfies Readonly<Record<string, ClientKind>>

/** Longer than any test: on a busy machine nothing else runs out, and nobody is given up. */
const PATIENT = { membershipLease: '1m', budget: '20s' } as const

let stores = 0

/**
 * An empty store that this process is a member of, in a Redis that has long known it: its purges wait for nobody who may be there from before.
 * With a prefix, another member of one that there is.
 */
export async function openStore(
  client: Client,
  shards: number,
  options: Pick<RedisStoreOptions, 'near' | 'secret'>,
  prefix = `contract-${process.pid}-${stores++}-${Date.now()}`,
): Promise<Store> {
  const store = redisStore({ client, prefix, shards, ...PATIENT, ...options })
  const keys = Array.from({ length: 64 }, (_, number) => `${number}`)
  await until(() => keys.every(key => store.upToDate?.(key)))
  for (let shard = 0; shard < shards; shard++) await client.hset(`{${prefix}:${shard}}:meta`, 'born', 1)
  return store
}
