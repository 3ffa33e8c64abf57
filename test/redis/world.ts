import { performance } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createCache, type Cache, type Target } from 'smart-cache'
import { RedisShard } from '../../adapters/redis/redis-shard.js'
import { isRefusal } from '../../adapters/redis/refusal.js'
import { inside } from '../../lib/caches/cache.js'
import type { Engine } from '../../lib/cache/engine.js'
import { createCodec } from '../../lib/entries/codec.js'
import { Breaker } from '../../lib/stores/breaker.js'
import { TieredStore } from '../../lib/stores/tiered-store.js'
import { HeldShard, type Hold } from './held-shard.js'

export interface MemberOptions {
  /** @default true */
  readonly near?: boolean
  /**
   * Judges for itself what lies in Redis. Otherwise it has the scripts do that.
   * @default true
   */
  readonly judges?: boolean
  /**
   * Its membership lease, ms. The default is longer than any test.
   * @default 60_000
   */
  readonly leaseMs?: number
  /** @default 10_000 */
  readonly fillLeaseMs?: number
  /** Does not wait until the lease holds: `far.hold` can be called before the first renewal is sent. */
  readonly unready?: (far: readonly HeldShard[]) => void
}

/** What one process has: a cache over a store of its own. */
export interface Member {
  readonly cache: Cache
  readonly engine: Engine
  readonly store: TieredStore
  /** Of the first shard. */
  readonly far: HeldShard
  readonly shards: readonly HeldShard[]
  /** Purges, and goes on when Redis has done it; the caller of `invalidate` may have to wait longer. */
  purge(target: Target): Promise<{ readonly resolved: Promise<void> }>
  /** From now on no news reach it, and no renewal leaves it. What it asks otherwise goes through. */
  deafen(): Promise<{ readonly news: Hold; readonly renewals: Hold }>
}

/** A Redis that questions are not given up on: the machine may be busy. */
const BUDGET_MS = 20_000

/** Keys enough that there are some in each shard. */
const SAMPLE = Array.from({ length: 64 }, (_, number) => `${number}`)

let worlds = 0

/** Several processes in one, over one Redis, in a part of it of their own. */
export class World {
  readonly url: string
  readonly prefix: string
  readonly admin: Redis
  readonly #shards: number
  readonly #ends: (() => Promise<void>)[] = []

  constructor(url: string, shards = 1, prefix = `world-${process.pid}-${worlds++}-${Date.now()}`) {
    this.url = url
    this.prefix = prefix
    this.#shards = shards
    this.admin = new Redis(url)
  }

  /** A member whose lease holds. The store is an old one, so that purges need not wait for members of another life of it. */
  async member({ near = true, judges = true, leaseMs = 60_000, fillLeaseMs = 10_000, unready }: MemberOptions = {}): Promise<Member> {
    const client = new Redis(this.url)
    let shards: readonly HeldShard[] = []
    const open = (member: string) => {
      shards = Array.from({ length: this.#shards }, (_, index) => {
        const breaker = new Breaker(BUDGET_MS, () => performance.now(), isRefusal)
        const listener = client.duplicate({ maxRetriesPerRequest: null, disconnectTimeout: 100 })
        const codec = createCodec({})
        const shard = { client, listener, prefix: this.named('', index), member, codec, breaker, budgetMs: BUDGET_MS, fillLeaseMs }
        return new HeldShard(new RedisShard(shard), judges)
      })
      unready?.(shards)
      return shards
    }
    const store = new TieredStore('redis', open, { nearBytes: near ? 1e7 : 0, leaseMs, renewMs: leaseMs / 4 })
    const cache = createCache({ store })
    this.#ends.push(async () => {
      await cache.close()
      client.disconnect()
    })
    const [far] = shards
    if (far === undefined) throw new Error('A world has one shard at least')
    if (unready === undefined) {
      await until(() => SAMPLE.every(key => store.upToDate(key)))
      await this.age()
    }
    const deafen = async () => {
      const held = { news: far.hold('listen', 'back'), renewals: far.hold('renew', 'there') }
      await until(() => far.under('renew') === 0)
      return held
    }
    const purge = async (target: Target) => {
      const done = far.holdNext('purge', 'back')
      const resolved = cache.invalidate(target)
      await done.reached
      done.open()
      return { resolved }
    }
    return { cache, engine: inside(cache).engine, store, far, shards, purge, deafen }
  }

  /** The name of a key in Redis. */
  named(key: string, shard = 0): string {
    return `{${this.prefix}:${shard}}:${key}`
  }

  /** Lets the store have lived for long, if there is one. */
  async age(): Promise<void> {
    for (let shard = 0; shard < this.#shards; shard++) {
      const meta = this.named('meta', shard)
      if ((await this.admin.exists(meta)) === 1) await this.admin.hset(meta, 'born', 1)
    }
  }

  /** Lets the server forget some keys in one step, by what is behind the prefix, `*` standing for anything: all of them, unless told otherwise. */
  async forget(...names: readonly string[]): Promise<void> {
    const forget = `for _, name in ipairs(ARGV) do for _, key in ipairs(redis.call('KEYS', name)) do redis.call('DEL', key) end end`
    await this.admin.eval(forget, 0, ...(names.length > 0 ? names : ['*']).map(name => this.named(name)))
  }

  async close(): Promise<void> {
    await Promise.all(this.#ends.map(end => end()))
    this.admin.disconnect()
  }
}

export async function until(test: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await test())) await wait(2)
}
