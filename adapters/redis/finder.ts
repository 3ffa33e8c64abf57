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
  readonly key: string
  resolve(found: FarFind | undefined): void
  reject(error: unknown): void
}

/** What came of one command. */
type Reply = readonly [error: Error | null, fields: unknown]

/** Finds entries where they lie, by a plain command each; with one write for all that are asked for at once, for it is writes that cost. */
export class Finder {
  readonly #options: FinderOptions
  #asked: Asked[] = []

  constructor(options: FinderOptions) {
    this.#options = options
  }

  /** What lies there, if it can be read. */
  find(key: string): Promise<FarFind | undefined> {
    // Not an async function, nor is anything here but once for all that are asked for at once: promises are most of what a find costs.
    return new Promise((resolve, reject) => {
      // Behind all that is done without waiting for anything from outside.
      if (this.#asked.length === 0) process.nextTick(() => this.#send())
      this.#asked.push({ key, resolve, reject })
    })
  }

  #send(): void {
    const asked = this.#asked
    this.#asked = []
    const pipeline = asked.length > 1 ? this.#options.client.pipeline?.() : undefined
    if (pipeline === undefined) for (const one of asked) this.#ask([one], () => this.#readOne(one))
    else this.#ask(asked, () => this.#readAll(pipeline, asked))
  }

  /** Either all are answered, or it counts as failed. */
  #ask(asked: readonly Asked[], question: () => Promise<readonly Reply[]>): void {
    this.#options.breaker.ask(question).then(
      replies => asked.forEach(({ key, resolve }, at) => resolve(this.#found(key, replies[at]?.[1]))),
      (error: unknown) => {
        for (const { resolve, reject } of asked) {
          // Something else lies there.
          if (isRefusal(error)) resolve(undefined)
          else reject(error)
        }
      },
    )
  }

  async #readOne({ key }: Asked): Promise<readonly Reply[]> {
    const { client } = this.#options
    const name = this.#nameOf(key)
    return [[null, await (client.hmgetBuffer?.(name, ...FIELDS) ?? client.callBuffer('hmget', name, ...FIELDS))]]
  }

  async #readAll(pipeline: Pipeline, asked: readonly Asked[]): Promise<readonly Reply[]> {
    for (const { key } of asked) pipeline.hmgetBuffer(this.#nameOf(key), ...FIELDS)
    const replies = (await pipeline.exec()) ?? []
    for (let at = 0; at < asked.length; at++) {
      const [error] = replies[at] ?? [new Error('The client has lost the reply')]
      if (error !== null && !isRefusal(error)) throw error
    }
    return replies
  }

  #nameOf(key: string): string {
    return `${this.#options.prefix}e:${key}`
  }

  #found(key: string, fields: unknown): FarFind | undefined {
    const { codec } = this.#options
    // There are none where something else lies.
    const [epoch, at, till, envelope, counted] = (fields ?? NOTHING) as Fields
    if (epoch === null || at === null || till === null || envelope === null) return undefined
    const [position, staleAt, entry] = [numberIn(at), numberIn(till), codec.decode(envelope)]
    if (position === undefined || staleAt === undefined || entry?.key !== key) return undefined
    entry.position = position
    entry.staleAt = instantOf(staleAt)
    // Where entries are signed Redis counts nothing by itself.
    return { epoch: String(epoch), entry: counted === null || codec.signs ? entry : { ...entry, value: Number(counted) } }
  }
}

const NOTHING: Fields = [null, null, null, null, null]
