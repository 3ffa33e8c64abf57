import type { Space } from '../cache/space.js'
import type { Retention, Retentions, Wish } from './retention.js'
import { rowsRead } from './row-tags.js'
import type { Statement } from './statements.js'
import { tagsOfPermanent, tagsOfRead, tagsOfRowsRead } from './tags.js'

/** On what terms the answers to statements are kept, and what they depend on. */
export class Terms {
  readonly #space: Space
  readonly #retentions: Retentions
  /** Where the query itself says nothing of it. */
  readonly #usual = new WeakMap<Statement, Retention>()
  /** Where its rows are not told apart. */
  readonly #tags = new WeakMap<Statement, readonly string[]>()
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

  /** The full names of what its answer depends on. */
  tags(statement: Statement, bindings: readonly unknown[]): readonly string[] {
    const rows = statement.onRows && rowsRead(statement.onRows, bindings)
    if (rows !== undefined) return this.#full(tagsOfRowsRead(rows.table, rows.column, rows.spelled))
    const known = this.#tags.get(statement)
    if (known !== undefined) return known
    const tags = this.#full(tagsOfRead(statement.footprint))
    this.#tags.set(statement, tags)
    return tags
  }

  /** The same for an answer that outlives the purges which writes bring about. */
  tagsOfPermanent({ footprint }: Statement): readonly string[] {
    return this.#full(tagsOfPermanent(footprint))
  }

  /** Some connection was set up so that the same text may mean something else there: of statements that are read anew from now on none is kept. */
  unsettle(): void {
    this.#unsettled = true
  }

  #full(tags: readonly string[]): readonly string[] {
    return tags.map(tag => this.#space.prefix + tag)
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
