import type { Engine } from '../cache/engine.js'
import type { ShadowReport } from '../cache/events.js'
import type { Entry } from '../entries/entry.js'
import type { Difference } from './shadow-page.js'

/** How many keys it is remembered for what was found; beyond it those that were found first are forgotten. */
const MAX_KEYS = 1_000

/**
 * How long a finding waits for the purge that explains it (ms): who writes and then purges has others see the new data before the purge is
 * in effect.
 */
const SETTLE_MS = 2_000

/** One answer beside what would have been served in its stead. */
export interface Comparison {
  /** What is kept. */
  readonly entry: Entry
  readonly difference: Difference | undefined
  /** Whether what is kept was made for a visitor with the same credentials. */
  readonly sameVisitor: boolean
  /** When the answer was begun: what `turn` said then. */
  readonly begunAt: number
}

type Finding = Pick<ShadowReport, 'verdict' | 'certain'>

interface Found extends Finding {
  /** Of the entry that it was found of. */
  readonly createdAt: number
  readonly difference: Difference
  /** When it was found. */
  readonly at: number
  readonly reported: boolean
}

/**
 * What a comparison adds to what is known of the kept page. Who gets another page than the one whose page was kept may get it because of who
 * they are, or because it has changed. What tells is who asks next: if anybody still gets what is kept, it has not changed; if the one whose
 * it was gets something else, it has.
 */
export function findingOf(
  known: (Finding & { readonly at: number }) | undefined,
  compared: Omit<Comparison, 'entry'>,
): Finding | undefined {
  const { difference, sameVisitor, begunAt } = compared
  const isCertainLeak = known?.verdict === 'leaked' && known.certain
  if (difference === undefined) {
    // An answer that had begun before may be as old as what is kept.
    return known === undefined || isCertainLeak || begunAt < known.at ? undefined : { verdict: 'leaked', certain: true }
  }
  if (known === undefined) return sameVisitor ? { verdict: 'stale', certain: true } : { verdict: 'leaked', certain: false }
  return sameVisitor && known.verdict === 'leaked' && !known.certain ? { verdict: 'stale', certain: true } : undefined
}

/** Gathers what comparisons find, and reports it, once for each kept page, when no purge has come to explain it. */
export class ShadowReports {
  readonly #engine: Engine
  readonly #found = new Map<string, Found>()
  #turn = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Tells before from after: answers that begin from now on have begun after all that was noted. */
  get turn(): number {
    return this.#turn
  }

  note(compared: Comparison): void {
    const { entry } = compared
    const known = this.#of(entry)
    const finding = findingOf(known, compared)
    const difference = compared.difference ?? known?.difference
    if (finding === undefined || difference === undefined) return
    const found = { ...finding, createdAt: entry.createdAt, difference, at: ++this.#turn, reported: false }
    this.#found.delete(entry.key)
    this.#found.set(entry.key, found)
    const [oldest = ''] = this.#found.keys()
    if (this.#found.size > MAX_KEYS) this.#found.delete(oldest)
    setTimeout(() => void this.#report(entry, found), SETTLE_MS).unref()
  }

  /** What has been reported of a kept page. */
  of(entry: Entry): ShadowReport | undefined {
    const found = this.#of(entry)
    return found?.reported === true ? reportOf(found) : undefined
  }

  /** What is known of it so far, reported or not. */
  verdictOn(entry: Entry): ShadowReport['verdict'] | undefined {
    return this.#of(entry)?.verdict
  }

  #of({ key, createdAt }: Entry): Found | undefined {
    const found = this.#found.get(key)
    return found?.createdAt === createdAt ? found : undefined
  }

  async #report(entry: Entry, found: Found): Promise<void> {
    try {
      if (this.#engine.closed || !(await this.#isStillKept(entry))) return
      this.#engine.announce.shadow(entry, reportOf(found))
      // What was found since is not known less for that.
      if (this.#found.get(entry.key) === found) this.#found.set(entry.key, { ...found, reported: true })
    } catch (error) {
      this.#engine.announce.error('store', entry.key, error)
    }
  }

  /** A soft purge leaves it where it is, and stale. What has expired by now was fresh when it was compared. */
  async #isStillKept({ key, createdAt, staleAt }: Entry): Promise<boolean> {
    const { entry } = await this.#engine.door.read(key, false)
    return entry?.createdAt === createdAt && entry.staleAt === staleAt
  }
}

function reportOf({ verdict, certain, difference }: Found): ShadowReport {
  return { verdict, certain, ...difference }
}
