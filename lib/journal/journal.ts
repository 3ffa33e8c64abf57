import { touches, type Purge } from './purge.js'

/** When a tag was last purged, as positions; 0 is never. */
interface Mark {
  hard: number
  soft: number
  softAt: number
}

/** A purge by prefix or pattern: entries older than its position are tested against it when they are asked for. */
interface Ban {
  readonly purge: Purge
  readonly position: number
}

/** What the journal needs to know of an entry. */
interface Stamped {
  readonly key: string
  readonly tags: readonly string[]
  readonly position: number
}

/**
 * What was purged, in order. Every purge moves the position by one, so that "was this computed before that purge?" is a comparison of two
 * counts and no clock is asked. A purge costs the same whatever it touches.
 *
 * Purges of one key need no mark here: the store removes the entry and ends the key's fill lease (docs/coherence.md).
 */
export class Journal {
  readonly #marks = new Map<string, Mark>()
  readonly #bans: Ban[] = []
  readonly #maxMarks: number
  readonly #maxBans: number
  #position = 0
  /** The tag that was purged last. */
  #last: string | undefined
  /** Positions below this are beyond memory: marks or bans they would have to be compared with were let go. */
  #floor = 0

  constructor({ maxMarks = 65_536, maxBans = 256 }: { readonly maxMarks?: number; readonly maxBans?: number } = {}) {
    this.#maxMarks = maxMarks
    this.#maxBans = maxBans
  }

  get position(): number {
    return this.#position
  }

  /** Nothing from before this position can be judged. */
  get floor(): number {
    return this.#floor
  }

  /** Writes a purge down, at the next position or, where another counts, at the one given; returns its position. */
  append(purge: Purge, position = this.#position + 1): number {
    this.#position = position
    if (purge.kind === 'tag') this.#mark(purge)
    else if (purge.kind !== 'key') this.#ban(purge)
    return this.#position
  }

  /** Begins anew at `position`, knowing nothing of what was purged before. */
  restart(position: number): void {
    this.#marks.clear()
    this.#bans.length = 0
    this.#position = position
    this.#floor = position
  }

  /** Has a hard purge touched the entry since its position? What cannot be known counts as touched: unknown is a miss, never "not purged". */
  ended(entry: Stamped): boolean {
    if (entry.position === this.#position) return false
    if (entry.position < this.#floor) return true
    for (const tag of entry.tags) if ((this.#marks.get(tag)?.hard ?? 0) > entry.position) return true
    return this.#bans.some(ban => !ban.purge.soft && ban.position > entry.position && touches(ban.purge, entry))
  }

  /** The instant (epoch ms) of the first soft purge known to have touched the entry since its position; `Infinity` if none has. */
  outdatedAt(entry: Stamped): number {
    let at = Infinity
    for (const tag of entry.tags) {
      const mark = this.#marks.get(tag)
      if (mark !== undefined && mark.soft > entry.position) at = Math.min(at, mark.softAt)
    }
    for (const { purge, position } of this.#bans) {
      if (purge.soft && position > entry.position && touches(purge, entry)) at = Math.min(at, purge.at)
    }
    return at
  }

  #mark({ name, soft, at }: Purge): void {
    const known = this.#marks.get(name)
    const mark = known ?? { hard: 0, soft: 0, softAt: 0 }
    if (soft) {
      mark.soft = this.#position
      mark.softAt = at
    } else mark.hard = this.#position
    if (known !== undefined && name === this.#last) return
    this.#last = name
    this.#marks.delete(name)
    this.#marks.set(name, mark)
    if (this.#marks.size > this.#maxMarks) this.#forgetOldestMark()
  }

  /** The map is in order of last purge, so the first mark is the oldest. */
  #forgetOldestMark(): void {
    for (const [name, { hard, soft }] of this.#marks) {
      this.#marks.delete(name)
      this.#floor = Math.max(this.#floor, hard, soft)
      return
    }
  }

  #ban(purge: Purge): void {
    if (purge.kind === 'prefix' && purge.name === '' && !purge.soft) {
      this.#floor = this.#position
      this.#marks.clear()
      this.#bans.length = 0
      return
    }
    const same = this.#bans.findIndex(
      ban =>
        ban.purge.kind === purge.kind &&
        ban.purge.name === purge.name &&
        ban.purge.within === purge.within &&
        ban.purge.soft === purge.soft,
    )
    if (same !== -1) this.#bans.splice(same, 1)
    this.#bans.push({ purge, position: this.#position })
    const oldest = this.#bans.length > this.#maxBans ? this.#bans.shift() : undefined
    if (oldest !== undefined) this.#floor = Math.max(this.#floor, oldest.position)
  }
}
