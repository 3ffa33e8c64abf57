import type { Codec } from '../../lib/entries/codec.js'
import type { Breaker } from '../../lib/stores/breaker.js'
import type { FarFind } from '../../lib/stores/far.js'
import type { Pipeline, RedisClient } from './redis-client.js'
import { isRefusal } from './refusal.js'
import { instantOf, numberIn } from './wire.js'

export interface FinderOptions {
  readonly client: RedisClient
  readonly breaker: Breaker
  readonly codec: Codec
  /** Begins every key of the shard. */
  readonly prefix: string
}

/** Of an entry: epoch, position, staleAt, envelope, what was counted since. */
const FIELDS = ['x', 'p', 's', 'v', 'c'] as const
type Fields = readonly [Buffer | null, Buffer | null, Buffer | null, Buffer | null, Buffer | null]

interface Asked {
  readonly name: string
  resolve(reply: unknown): void
  reject(error: unknown): void
}

/** Finds entries where they lie, by a plain command each; with one write for all that are asked for at once, for it is writes that cost. */
export class Finder {
  readonly #options: FinderOptions
  #asked: Asked[] = []

  constructor(options: FinderOptions) {
    this.#options = options
  }

  /** What lies there, if it can be read. */
  async find(key: string): Promise<FarFind | undefined> {
    const { breaker, codec } = this.#options
    let fields: Fields
    try {
      fields = (await breaker.ask(() => this.#read(key))) as Fields
    } catch (error) {
      // Something else lies there.
      if (isRefusal(error)) return undefined
      throw error
    }
    const [epoch, at, till, envelope, counted] = fields
    if (epoch === null || at === null || till === null || envelope === null) return undefined
    const [position, staleAt, entry] = [numberIn(at), numberIn(till), codec.decode(envelope)]
    if (position === undefined || staleAt === undefined || entry?.key !== key) return undefined
    entry.position = position
    entry.staleAt = instantOf(staleAt)
    // Where entries are signed Redis counts nothing by itself.
    return { epoch: String(epoch), entry: counted === null || codec.signs ? entry : { ...entry, value: Number(counted) } }
  }

  #read(key: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // Behind all that is done without waiting for anything from outside.
      if (this.#asked.length === 0) process.nextTick(() => this.#send())
      this.#asked.push({ name: `${this.#options.prefix}e:${key}`, resolve, reject })
    })
  }

  #send(): void {
    const asked = this.#asked
    this.#asked = []
    const pipeline = asked.length > 1 ? this.#options.client.pipeline?.() : undefined
    if (pipeline === undefined) for (const { name, resolve, reject } of asked) this.#readOne(name).then(resolve, reject)
    else void readAll(pipeline, asked)
  }

  async #readOne(name: string): Promise<unknown> {
    const { client } = this.#options
    return client.hmgetBuffer?.(name, ...FIELDS) ?? client.callBuffer('hmget', name, ...FIELDS)
  }
}

async function readAll(pipeline: Pipeline, asked: readonly Asked[]): Promise<void> {
  try {
    for (const { name } of asked) pipeline.hmgetBuffer(name, ...FIELDS)
    const replies = (await pipeline.exec()) ?? []
    asked.forEach(({ resolve, reject }, at) => {
      const [error, reply] = replies[at] ?? [new Error('The client has lost the reply')]
      if (error === null) resolve(reply)
      else reject(error)
    })
  } catch (error) {
    for (const { reject } of asked) reject(error)
  }
}
