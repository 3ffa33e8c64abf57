import { performance } from 'node:perf_hooks'
import { bytesOf, type ByteSize } from '../../lib/bytes.js'
import { createCodec } from '../../lib/entries/codec.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { checkedOptions, countOf } from '../../lib/options.js'
import { Breaker } from '../../lib/stores/breaker.js'
import type { Store } from '../../lib/stores/store.js'
import { TieredStore } from '../../lib/stores/tiered-store.js'
import { milliseconds, type Duration } from '../../lib/time/duration.js'
import type { ListeningClient, RedisClient } from './redis-client.js'
import { RedisShard } from './redis-shard.js'
import { isRefusal } from './refusal.js'

/** What is used of an ioredis client: one server, Sentinel or Cluster. The store listens on connections of its own, made with `duplicate()`. */
export interface RedisStoreClient extends RedisClient {
  readonly isCluster: boolean
  readonly options?: object
  // As a method, so that the different signatures of a single client and of a Cluster both fit.
  duplicate(...overrides: never[]): ListeningClient
}

export interface RedisStoreOptions {
  /** An ioredis client. The store neither opens nor closes it. */
  readonly client: RedisStoreClient
  /**
   * What the names of all keys in Redis begin with. Stores with different prefixes do not meet.
   * @default 'smart-cache'
   */
  readonly prefix?: string
  /**
   * The tier in this process's memory before Redis, or `false` for none.
   * @default { maxBytes: '64mb' }
   */
  readonly near?: { readonly maxBytes?: ByteSize } | false
  /**
   * Over how many journals the keys are spread: each is one hash slot, and a purge goes to all. The same number in every process; to change it,
   * change the prefix with it.
   * @default 1, and 4 on a Cluster
   */
  readonly shards?: number
  /**
   * Signs what is kept (HMAC-SHA-256), and reads nothing else: at least 16 bytes, the same in every process.
   * @default unsigned
   */
  readonly secret?: string | Buffer
  /**
   * From which size entries are compressed.
   * @default '4kb'
   */
  readonly compressFrom?: ByteSize | 'never'
  /**
   * How long one question to Redis may take before it counts as failed.
   * @default 250
   */
  readonly budget?: Duration
  /**
   * How long one process has the right to fill a key, among all; a slower loader's value is not kept.
   * @default '10s'
   */
  readonly fillLease?: Duration
  /**
   * How long a process may serve from its near tier without having heard from Redis: what a purge waits at most for one that has vanished.
   * @default '1s'
   */
  readonly membershipLease?: Duration
}

const OPTIONS = ['client', 'prefix', 'near', 'shards', 'secret', 'compressFrom', 'budget', 'fillLease', 'membershipLease']

/**
 * A store in Redis (6.2 or later, or Valkey) that several processes share, behind a tier in the memory of each. What it promises, and on
 * which assumptions, is in docs/coherence.md.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 * @example createCache({ store: redisStore({ client: new Redis(url) }) })
 */
export function redisStore(options: RedisStoreOptions): Store {
  const checked = checkedOptions(options, 'redisStore()', OPTIONS)
  const { client, prefix = 'smart-cache', near = {}, budget = 250, fillLease = '10s', membershipLease = '1s' } = checked
  if (!isClient(client)) throw new ConfigError(`Expected \`client\` to be an ioredis client, got ${shown(client)}`)
  if (typeof prefix !== 'string' || !/^[\w.:-]+$/.test(prefix)) {
    throw new ConfigError(`Expected \`prefix\` to be letters, digits, ".", ":", "_" and "-", got ${shown(prefix)}`)
  }
  const shards = countOf(checked['shards'] ?? (client.isCluster ? 4 : 1), 'shards', 1, 64)
  const { maxBytes = '64mb' } = near === false ? {} : checkedOptions(near, '`near`', ['maxBytes'])
  const nearBytes = bytesOf(maxBytes, 'near.maxBytes')
  const leaseMs = milliseconds(membershipLease, 'membershipLease')
  const { secret, compressFrom } = checked as Pick<RedisStoreOptions, 'secret' | 'compressFrom'>
  const budgetMs = milliseconds(budget, 'budget')
  const shared = {
    client,
    budgetMs,
    codec: createCodec({ ...(secret === undefined ? {} : { secret }), ...(compressFrom === undefined ? {} : { compressFrom }) }),
    fillLeaseMs: milliseconds(fillLease, 'fillLease'),
  }
  const open = (member: string) => {
    return Array.from({ length: shards }, (_, index) => {
      // Each has its own breaker: they may be on different servers.
      const breaker = new Breaker(budgetMs, () => performance.now(), isRefusal)
      return new RedisShard({ ...shared, breaker, listener: listenerFor(client), prefix: `{${prefix}:${index}}:`, member })
    })
  }
  return new TieredStore('redis', open, { nearBytes: near === false ? 0 : nearBytes, leaseMs, renewMs: leaseMs / 4 })
}

function isClient(client: unknown): client is RedisStoreClient {
  const { callBuffer, duplicate } = (client ?? {}) as Partial<RedisStoreClient>
  return typeof callBuffer === 'function' && typeof duplicate === 'function'
}

/** A connection that may wait for news as long as it takes. A Cluster takes its overrides after the nodes to start from. */
function listenerFor(client: RedisStoreClient): ListeningClient {
  const duplicate = client.duplicate.bind(client) as (...overrides: unknown[]) => ListeningClient
  if (client.isCluster) return duplicate([], { enableAutoPipelining: false })
  const patient = { commandTimeout: undefined, socketTimeout: undefined, maxRetriesPerRequest: null, retryStrategy: soonerThan(client) }
  // What it asks is asked anew whenever it fails: there is nothing to queue, nor to check first. And nobody has to agree to its end.
  const hasty = { enableOfflineQueue: false, autoResendUnfulfilledCommands: false, enableReadyCheck: false, disconnectTimeout: 100 }
  return duplicate({ ...patient, ...hasty, enableAutoPipelining: false })
}

/** How long to wait at most before trying to connect again, ms. */
const LONGEST_RETRY_MS = 1_000

function soonerThan({ options = {} }: RedisStoreClient): (times: number) => unknown {
  const own = 'retryStrategy' in options ? options.retryStrategy : undefined
  return times => {
    const ms = typeof own === 'function' ? (own(times) as unknown) : undefined
    return typeof ms === 'number' ? Math.min(ms, LONGEST_RETRY_MS) : ms
  }
}
