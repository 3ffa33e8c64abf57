import type { Engine } from '../cache/engine.js'
import type { Shortcut } from '../cache/shortcut.js'
import type { Attached, Entry } from '../entries/entry.js'
import { valueOf } from '../cache/load.js'
import { refreshFrom } from '../freshness/refresh-ahead.js'

/**
 * The promise of a kept value, made once: who asks again is handed the same. It is let go of with the entry, and is good for nothing from any
 * purge on until the store has been asked.
 */
class ReadyAnswer implements Attached {
  // First what each hit looks at.
  stamp = 0
  hits = 0
  readonly promise: Promise<unknown>
  readonly entry: Entry
  readonly #answers: Map<unknown, ReadyAnswer>
  readonly #argument: unknown
  live = true

  constructor(entry: Entry, answers: Map<unknown, ReadyAnswer>, argument: unknown) {
    this.promise = Promise.resolve(valueOf(entry))
    this.entry = entry
    this.#answers = answers
    this.#argument = argument
  }

  drop(): void {
    this.live = false
    if (this.#answers.get(this.#argument) === this) this.#answers.delete(this.#argument)
  }
}

/** The answers of one function that are at hand, by the one argument that it was called with. */
export class ReadyAnswers {
  readonly #engine: Engine
  readonly #shortcut: Shortcut
  /** Whether what is at hand is, where it could be purged elsewhere. */
  readonly #upToDate: ((key: string) => boolean) | undefined
  readonly #refreshAhead: number
  readonly #answers = new Map<unknown, ReadyAnswer>()

  /** @param refreshAhead the share of its time after which an entry may be refreshed: from there on each call is to be asked */
  constructor(engine: Engine, refreshAhead: number) {
    this.#engine = engine
    this.#refreshAhead = refreshAhead
    this.#shortcut = engine.shortcut
    const { store } = engine
    if (store.upToDate !== undefined) this.#upToDate = key => store.upToDate?.(key) === true
  }

  /** The answer to a call with this argument, if it is at hand, fresh, and nobody is to hear of it. */
  find(argument: unknown): Promise<unknown> | undefined {
    const answer = this.#answers.get(argument)
    if (answer === undefined) return undefined
    const shortcut = this.#shortcut
    // A look at the clock may change the stamp: the clock may have been set back.
    const good = (--shortcut.left > 0 || shortcut.look()) && answer.stamp === shortcut.stamp
    if (!good || this.#upToDate?.(answer.entry.key) === false) return this.#asked(answer)
    answer.hits++
    return answer.promise
  }

  /** Makes an answer of an entry that has just been served, if everybody may be handed the same. */
  keep(argument: unknown, entry: Entry): void {
    if (!entry.shareable || entry.attached !== undefined) return
    const answer = new ReadyAnswer(entry, this.#answers, argument)
    entry.attached = answer
    this.#answers.set(argument, answer)
    this.#renew(answer)
  }

  #asked(answer: ReadyAnswer): Promise<unknown> | undefined {
    if (this.#shortcut.now >= refreshFrom(answer.entry, this.#refreshAhead)) {
      answer.drop()
      return undefined
    }
    const entry = this.#engine.hit(answer.entry.key)
    if (entry !== answer.entry) {
      answer.drop()
      return undefined
    }
    this.#renew(answer)
    return answer.promise
  }

  #renew(answer: ReadyAnswer): void {
    answer.stamp = this.#shortcut.stampUntil(Math.min(answer.entry.staleAt, refreshFrom(answer.entry, this.#refreshAhead)))
  }
}

/** Could this be the only argument by which an answer is looked up? Two that are equal for a Map have to mean the same. */
export function isPlainArgument(argument: unknown): boolean {
  return typeof argument === 'string' || (typeof argument === 'number' && argument !== 0)
}
