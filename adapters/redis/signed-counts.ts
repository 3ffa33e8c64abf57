import type { Codec } from '../../lib/entries/codec.js'
import type { Entry } from '../../lib/entries/entry.js'
import { judge } from '../../lib/entries/judge.js'
import type { FarCount, FarPurge } from '../../lib/stores/far.js'
import { instantOf, type FoundReply } from './wire.js'

/** So often a count is tried again that another process was ahead of. */
const MAX_TRIES = 100

/** What is asked of Redis. */
interface Asked {
  find(key: string, now: number): Promise<FoundReply>
  /** Puts the entry in the place of what was found, unless something else is there by now; the life and the tags of what is `fresh` stay. */
  replace(entry: Entry, found: Buffer | null, fresh: boolean): Promise<FarPurge | undefined>
}

/**
 * Counts where what is kept is signed: Redis, which has no secret, cannot count by itself. A number is read and put back counted, if it has not changed
 * meanwhile; those that are counted in this process take turns.
 */
export class SignedCounts {
  readonly #codec: Codec
  readonly #asked: Asked
  readonly #last = new Map<string, Promise<unknown>>()

  constructor(codec: Codec, asked: Asked) {
    this.#codec = codec
    this.#asked = asked
  }

  async count(entry: Entry, by: number, now: number): Promise<FarCount> {
    const { key } = entry
    const before = this.#last.get(key)
    const counted = (before ?? Promise.resolve()).catch(() => {}).then(() => this.#count(entry, by, now))
    this.#last.set(key, counted)
    try {
      return await counted
    } finally {
      if (this.#last.get(key) === counted) this.#last.delete(key)
    }
  }

  async #count(entry: Entry, by: number, now: number): Promise<FarCount> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const [, , found, staleAt] = await this.#asked.find(entry.key, now)
      const there = found === null ? undefined : this.#codec.decode(found)
      const readable = there?.key === entry.key ? { ...there, staleAt: instantOf(staleAt) } : undefined
      const fresh = readable !== undefined && judge(readable, now) === 'fresh'
      const counted = fresh ? { ...readable, value: sum(readable.value, by) } : entry
      const purge = await this.#asked.replace(counted, found, fresh)
      if (purge !== undefined) return { purge, count: Number(counted.value) }
    }
    throw new Error('Too many processes count there at once')
  }
}

function sum(kept: unknown, by: number): number {
  if (typeof kept === 'number' && Number.isFinite(kept)) return kept + by
  throw new Error('What is kept is not a number')
}
