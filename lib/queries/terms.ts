import type { Space } from '../cache/space.js'
import type { Retention, Retentions, Wish } from './retention.js'
import type { Statement } from './statements.js'

/** On what terms the answers to statements are kept. */
export class Terms {
  readonly #space: Space
  readonly #retentions: Retentions
  /** Where the query itself says nothing of it. */
  readonly #usual = new WeakMap<Statement, Retention>()
  #unsettled = false

  constructor(space: Space, retentions: Retentions) {
    this.#space = space
    this.#retentions = retentions
  }

  /** Found out once for a statement, unless the query has a wish of its own. Tags are full names. */
  of(statement: Statement, wish: Wish | undefined): Retention {
    const known = wish === undefined ? this.#usual.get(statement) : undefined
    if (known !== undefined) return known
    const terms = this.#decide(statement, wish)
    if (wish === undefined) this.#usual.set(statement, terms)
    return terms
  }

  /** Some connection was set up so that the same text may mean something else there: of statements that are read anew from now on none is kept. */
  unsettle(): void {
    this.#unsettled = true
  }

  #decide(statement: Statement, wish: Wish | undefined): Retention {
    if (this.#unsettled) return { kept: false, reason: 'a connection was set up differently from others' }
    const retention = this.#retentions.decide(statement, wish)
    return retention.kept ? { ...retention, policy: this.#space.within({ ...retention.policy, name: namedAfter(statement) }) } : retention
  }
}

/** Queries are counted by what they read from. */
function namedAfter({ footprint }: Statement): string {
  return [...footprint.tables].toSorted().join(', ') || 'query'
}
