import { gate, type Gate } from 'smart-cache/testing'
import { sampleEntry } from '../../lib/testing/contract/promised.js'
import type { FarFind, FarPurge, FarReading, FarShard, Heard, Renewal } from '../../lib/stores/far.js'

/** On its way to Redis, nothing of it done yet; or on its way back, everything done. */
export type Way = 'there' | 'back'

/** Calls that are held up. */
export interface Hold {
  /** Opens when the first of them is held. */
  readonly reached: Gate<void>
  /** Lets them go on, and holds no others. */
  open(): void
}

interface Holding extends Hold {
  readonly call: keyof FarShard
  readonly way: Way
  readonly once: boolean
  readonly passed: Gate<void>
}

/** A far shard whose calls can be held up on either way. */
export class HeldShard implements FarShard {
  readonly #inner: FarShard
  readonly #holds = new Set<Holding>()
  readonly #under = new Map<keyof FarShard, number>()
  readonly #asked = new Map<keyof FarShard, number>()
  readonly #judges: boolean

  /** @param judges whether what lies there is found in a state that the member could judge */
  constructor(inner: FarShard, judges = true) {
    this.#inner = inner
    this.#judges = judges
  }

  /** Holds every such call from now on, those under way that have not come so far included. */
  hold(call: keyof FarShard, way: Way, once = false): Hold {
    const passed = gate()
    const holding: Holding = {
      ...{ call, way, once, passed, reached: gate() },
      open: () => {
        this.#holds.delete(holding)
        passed.open()
      },
    }
    this.#holds.add(holding)
    return holding
  }

  /** Holds the next such call, and no other. */
  holdNext(call: keyof FarShard, way: Way): Hold {
    return this.hold(call, way, true)
  }

  /** How many such calls are under way. */
  under(call: keyof FarShard): number {
    return this.#under.get(call) ?? 0
  }

  /** How many such calls there were. */
  asked(call: keyof FarShard): number {
    return this.#asked.get(call) ?? 0
  }

  async find(...asked: Parameters<FarShard['find']>): Promise<FarFind | undefined> {
    return this.#judges ? this.#held('find', () => this.#inner.find(...asked)) : OF_ANOTHER_LIFE
  }

  read(...asked: Parameters<FarShard['read']>): Promise<FarReading> {
    return this.#held('read', () => this.#inner.read(...asked))
  }

  fill(...asked: Parameters<FarShard['fill']>): ReturnType<FarShard['fill']> {
    return this.#held('fill', () => this.#inner.fill(...asked))
  }

  put(...asked: Parameters<FarShard['put']>): Promise<FarPurge> {
    return this.#held('put', () => this.#inner.put(...asked))
  }

  add(...asked: Parameters<FarShard['add']>): ReturnType<FarShard['add']> {
    return this.#held('add', () => this.#inner.add(...asked))
  }

  touch(...asked: Parameters<FarShard['touch']>): ReturnType<FarShard['touch']> {
    return this.#held('touch', () => this.#inner.touch(...asked))
  }

  count(...asked: Parameters<FarShard['count']>): ReturnType<FarShard['count']> {
    return this.#held('count', () => this.#inner.count(...asked))
  }

  release(...asked: Parameters<FarShard['release']>): Promise<void> {
    return this.#held('release', () => this.#inner.release(...asked))
  }

  purge(...asked: Parameters<FarShard['purge']>): Promise<FarPurge> {
    return this.#held('purge', () => this.#inner.purge(...asked))
  }

  renew(...asked: Parameters<FarShard['renew']>): Promise<Renewal> {
    return this.#held('renew', () => this.#inner.renew(...asked))
  }

  acknowledge(...asked: Parameters<FarShard['acknowledge']>): Promise<void> {
    return this.#held('acknowledge', () => this.#inner.acknowledge(...asked))
  }

  listen(...asked: Parameters<FarShard['listen']>): Promise<Heard | undefined> {
    return this.#held('listen', () => this.#inner.listen(...asked))
  }

  /** Lets go of everything that is held, too. */
  async close(): Promise<void> {
    await this.#inner.close()
    for (const holding of this.#holds) holding.open()
  }

  async #held<T>(call: keyof FarShard, ask: () => Promise<T>): Promise<T> {
    this.#asked.set(call, this.asked(call) + 1)
    await this.#pass(call, 'there')
    this.#under.set(call, this.under(call) + 1)
    try {
      return await ask()
    } finally {
      await this.#pass(call, 'back')
      this.#under.set(call, this.under(call) - 1)
    }
  }

  async #pass(call: keyof FarShard, way: Way): Promise<void> {
    for (const holding of this.#holds) {
      if (holding.call !== call || holding.way !== way) continue
      if (holding.once) this.#holds.delete(holding)
      holding.reached.open()
      await holding.passed
    }
  }
}

const OF_ANOTHER_LIFE: FarFind = { epoch: 'another', entry: sampleEntry('k') }
