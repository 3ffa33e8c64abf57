import { performance } from 'node:perf_hooks'
import { bytesOf, type ByteSize } from '../../lib/bytes.js'
import { createCodec } from '../../lib/entries/codec.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { checkedOptions } from '../../lib/options.js'
import { Breaker } from '../../lib/stores/breaker.js'
import type { Store } from '../../lib/stores/store.js'
import { TieredStore } from '../../lib/stores/tiered-store.js'
import { milliseconds, type Duration } from '../../lib/time/duration.js'
import { RedisShard, type ListeningClient, type RedisClient } from './redis-shard.js'

/** An ioredis client; the store listens on a connection of its own that it makes with `duplicate()`. */
export interface RedisStoreClient extends RedisClient {
  duplicate(overrides?: { readonly commandTimeout?: undefined; readonly maxRetriesPerRequest?: null }): ListeningClient
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

const OPTIONS = ['client', 'prefix', 'near', 'budget', 'fillLease', 'membershipLease']

/**
 * A store in Redis that several processes share, behind a tier in the memory of each.
 * @throws {ConfigError} for an option that is unknown or of the wrong kind
 * @example createCache({ store: redisStore({ client: new Redis(url) }) })
 */
export function redisStore(options: RedisStoreOptions): Store {
  const {
    client,
    prefix = 'smart-cache',
    near = {},
    budget = 250,
    fillLease = '10s',
    membershipLease = '1s',
  } = checkedOptions(options, 'redisStore()', OPTIONS)
  if (!isClient(client)) throw new ConfigError(`Expected \`client\` to be an ioredis client, got ${shown(client)}`)
  if (typeof prefix !== 'string' || !/^[\w.:-]+$/.test(prefix)) {
    throw new ConfigError(`Expected \`prefix\` to be letters, digits, ".", ":", "_" and "-", got ${shown(prefix)}`)
  }
  const { maxBytes = '64mb' } = near === false ? { maxBytes: 1 } : checkedOptions(near, '`near`', ['maxBytes'])
  const leaseMs = milliseconds(membershipLease, 'membershipLease')
  const shared = {
    client,
    codec: createCodec(),
    breaker: new Breaker(milliseconds(budget, 'budget'), () => performance.now()),
    fillLeaseMs: milliseconds(fillLease, 'fillLease'),
  }
  const open = (member: string) => [new RedisShard({ ...shared, listener: client.duplicate({ commandTimeout: undefined, maxRetriesPerRequest: null }), prefix: `{${prefix}:0}:`, member })]
  return new TieredStore('redis', open, {
    nearBytes: near === false ? 0 : bytesOf(maxBytes, 'near.maxBytes'),
    leaseMs,
    renewMs: leaseMs / 4,
  })
}

function isClient(client: unknown): client is RedisStoreClient {
  const { callBuffer, duplicate } = (client ?? {}) as Partial<RedisStoreClient>
  return typeof callBuffer === 'function' && typeof duplicate === 'function'
}
