/** How the store in a Redis is. */
export interface RedisHealth {
  /** How long one question takes, ms: the median of five. */
  readonly latencyMs: number
  readonly version: string
  readonly memoryBytes: number
  /** 0 for no limit. */
  readonly maxMemoryBytes: number
  /** What it does when that is reached: `noeviction`, `allkeys-lru` … */
  readonly eviction: string
  readonly shards: readonly ShardHealth[]
}

/** One journal and who reads it. */
export interface ShardHealth {
  /** How many purges and fills there have been; absent if nothing was ever kept. */
  readonly position: number | undefined
  /** Purges that are still written down for those who have not heard of them. */
  readonly journal: number
  /** Processes that serve from their own memory now. */
  readonly members: number
}

/** What is used of a client: commands and their answers. */
interface Commanded {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>
}

const PINGS = 5
const MOST_SHARDS = 64

/** Asks a Redis about the store that is kept there under `prefix`. Changes nothing. */
export async function redisHealth(client: Commanded, prefix: string): Promise<RedisHealth> {
  const times: number[] = []
  for (let n = 0; n < PINGS; n++) {
    const begun = performance.now()
    await client.call('PING')
    times.push(performance.now() - begun)
  }
  const info = String(await client.call('INFO'))
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  return {
    latencyMs: times.toSorted((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0,
    version: field('redis_version'),
    memoryBytes: Number(field('used_memory')),
    maxMemoryBytes: Number(field('maxmemory')),
    eviction: field('maxmemory_policy'),
    shards: await shardsOf(client, prefix),
  }
}

async function shardsOf(client: Commanded, prefix: string): Promise<ShardHealth[]> {
  const [seconds] = (await client.call('TIME')) as [unknown]
  const shards: ShardHealth[] = []
  for (let index = 0; index < MOST_SHARDS; index++) {
    const begin = `{${prefix}:${index}}:`
    const position = await client.call('HGET', `${begin}meta`, 'position')
    if (position === null && index > 0) break
    shards.push({
      position: position === null ? undefined : Number(position),
      journal: Number(await client.call('XLEN', `${begin}j`)),
      members: Number(await client.call('ZCOUNT', `${begin}m`, Number(seconds) * 1_000, '+inf')),
    })
  }
  return shards
}
