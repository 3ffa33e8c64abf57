import { POLICY_OPTIONS, resolvePolicy, type Policy, type PolicyOptions } from '../cache/policy.js'
import { ConfigError, shown } from '../errors.js'
import { checkedOptions, flagOf } from '../options.js'
import type { Statement } from './statements.js'

export interface TableOptions extends PolicyOptions {
  /**
   * Keep what asks for a whole table, `db('t')`, as such.
   * @default false
   */
  readonly cacheTable?: boolean
  /**
   * Keep every query that reads the table, filtered, joined, or whole.
   * @default true
   */
  readonly cacheQueryset?: boolean
  /**
   * Columns by which rows are asked for: `['id', 'country']`. What is read by one value of such a column, or by a list, is ended only by
   * writes that may touch rows with these values. They have to hold whole numbers or text. Everybody who shares a store has to name the same.
   * @default none: each write ends all that was read from its table
   */
  readonly rowsBy?: readonly string[]
  /**
   * What the table's rows are called in signals: `cache.signals.on('product', 'saved', …)`.
   * @default the name of the table
   */
  readonly model?: string
}

/** What a query says of itself. */
export type Wish =
  | { readonly kind: 'never' }
  /** With a policy of its own, or that of its tables. */
  | { readonly kind: 'keep'; readonly policy: Policy | undefined }
  /** The same, and writes do not end it. */
  | { readonly kind: 'permanent'; readonly policy: Policy | undefined }

/** @throws {ConfigError} or {KeyError} for an option that cannot be */
export function checkedWish(kind: 'keep' | 'permanent', policy: PolicyOptions | undefined, door: string): Wish {
  return { kind, policy: policy === undefined ? undefined : resolvePolicy(policy, door) }
}

/** Whether an answer is kept, and how; or why not. */
export type Retention =
  | { readonly kept: true; readonly policy: Policy; readonly permanent: boolean; readonly as: 'table' | 'query' }
  | { readonly kept: false; readonly reason: string }

interface Registered {
  readonly policy: Policy
  readonly table: boolean
  readonly queries: boolean
  readonly rowsBy: readonly string[]
  readonly model: string | undefined
}

/** Which answers are kept, by the tables they are read from. */
export class Retentions {
  readonly #tables: ReadonlyMap<string, Registered>
  /** Of the tables that have no line of their own; without it they are not registered. */
  readonly #others: Registered | undefined
  readonly #fallback = resolvePolicy(undefined, 'cacheQueries()')

  /** @throws {ConfigError} for an option that is unknown or of the wrong kind */
  constructor(tables: unknown, others: unknown) {
    if (tables !== undefined && (typeof tables !== 'object' || tables === null || Array.isArray(tables))) {
      throw new ConfigError(`Expected \`tables\` to be an object of tables, got ${shown(tables)}`)
    }
    const lines = Object.entries((tables ?? {}) as Readonly<Record<string, unknown>>)
    this.#tables = new Map(lines.map(([name, options]) => [name.toLowerCase(), registered(options, `tables.${name}`)]))
    this.#others = tables === undefined || others !== undefined ? registered(others, 'default') : undefined
  }

  /** Every line; that of all tables without one under `*`. */
  get lines(): readonly (readonly [table: string, line: Registered])[] {
    return [...this.#tables, ...(this.#others === undefined ? [] : [['*', this.#others] as const])]
  }

  /** Is the table registered, and with which options? */
  of(table: string): Registered | undefined {
    return this.#tables.get(table) ?? this.#others
  }

  decide({ syntax, footprint }: Statement, wish: Wish | undefined): Retention {
    if (wish?.kind === 'never') return no('noCache() was said')
    if (footprint.effect !== 'read') return no('it is no read')
    if (footprint.unkept !== undefined) return no(footprint.unkept)
    if (footprint.everything) return no('it names a table that is not known')
    if (footprint.tables.size === 0) return no('it names no table')
    const names = footprint.named.length > 0 ? footprint.named : [...footprint.tables]
    const lines = names.map(name => this.of(name))
    const known = lines.filter(line => line !== undefined)
    const as = syntax.whole !== undefined && known.every(({ table, queries }) => table && queries) ? 'table' : 'query'
    if (wish !== undefined) {
      const policy = wish.policy ?? (known.length > 0 ? shortest(known) : this.#fallback)
      return { kept: true, policy, permanent: wish.kind === 'permanent', as }
    }
    const missing = names.find((_, index) => lines[index] === undefined)
    if (missing !== undefined) return no(`the table ${missing} is not registered`)
    const kept = known.every(({ table, queries }) => queries || (table && syntax.whole !== undefined))
    return kept ? { kept, policy: shortest(known), permanent: false, as } : no('its table keeps no such query')
  }
}

function registered(given: unknown, door: string): Registered {
  const {
    cacheTable = false,
    cacheQueryset = true,
    rowsBy = [],
    model,
    ...policy
  } = checkedOptions(given, door, [...POLICY_OPTIONS, 'cacheTable', 'cacheQueryset', 'rowsBy', 'model'])
  if (!Array.isArray(rowsBy) || !rowsBy.every(name => typeof name === 'string' && name !== ''))
    throw new ConfigError(`Expected \`rowsBy\` to be a list of columns, got ${shown(rowsBy)}`)
  if (model !== undefined && (typeof model !== 'string' || model === ''))
    throw new ConfigError(`Expected \`model\` to be a name, got ${shown(model)}`)
  const columns = rowsBy.map((name: string) => name.toLowerCase())
  return {
    policy: resolvePolicy(policy, door),
    table: flagOf(cacheTable, 'cacheTable'),
    queries: flagOf(cacheQueryset, 'cacheQueryset'),
    rowsBy: columns,
    model,
  }
}

/** What is made of several tables lives no longer than what is made of any. */
function shortest(lines: readonly Registered[]): Policy {
  const [first, ...others] = lines.map(({ policy }) => policy)
  if (first === undefined || others.length === 0) return first ?? resolvePolicy(undefined, 'cacheQueries()')
  const all = [first, ...others]
  return {
    ...first,
    schedule: from => Math.min(...all.map(({ schedule }) => schedule(from))),
    graceMs: Math.min(...all.map(({ graceMs }) => graceMs)),
    staleIfErrorMs: Math.min(...all.map(({ staleIfErrorMs }) => staleIfErrorMs)),
    tags: [...new Set(all.flatMap(({ tags }) => tags))],
  }
}

function no(reason: string): Retention {
  return { kept: false, reason }
}
