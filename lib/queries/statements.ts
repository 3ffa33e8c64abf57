import { aboutRows } from './about-rows.js'
import type { Catalog, Footprint } from './catalog.js'
import type { OnRows } from './row-tags.js'
import { readSyntax, type Syntax } from './syntax.js'
import { EVERYTHING, tagsOfWrite } from './tags.js'
import { tokensOf, type Dialect } from './tokens.js'

/** What is known of a statement. */
export interface Statement {
  readonly syntax: Syntax
  readonly footprint: Footprint
  /** The tags that it ends. */
  readonly touched: ReadonlySet<string>
  /** Of the catalog by which this is known. */
  readonly revision: number
  /** It is about one table: it writes to it, or reads of it rows that are told apart. */
  readonly onRows: OnRows | undefined
}

/** So many texts are remembered, each no longer than this: a batch of rows is seldom written twice. */
const [MAX_TEXTS, MAX_LENGTH] = [2_000, 8_000]
/** A table that is not known may have been made by somebody else: the catalog is read anew for it, but not more often than this. */
const LOOK_AGAIN_MS = 60_000

/** Reads statements, and remembers what it has read: a program has few different ones. */
export class Statements {
  readonly #dialect: Dialect
  readonly #monotonic: () => number
  readonly #rowsBy: (table: string) => readonly string[]
  readonly #syntaxes = new Map<string, Syntax>()
  readonly #known = new Map<string, Statement>()
  #catalog: Catalog | undefined
  #readAt = -Infinity
  #revision = 0

  /**
   * @param monotonic ms
   * @param rowsBy the columns by which the rows of a table are told apart
   */
  constructor(dialect: Dialect, monotonic: () => number, rowsBy: (table: string) => readonly string[]) {
    this.#dialect = dialect
    this.#rowsBy = rowsBy
    this.#monotonic = monotonic
  }

  /** Moves with every change of the catalog. What was known under another may be wrong. */
  get revision(): number {
    return this.#revision
  }

  get catalog(): Catalog | undefined {
    return this.#catalog
  }

  syntax(sql: string): Syntax {
    const known = this.#syntaxes.get(sql)
    if (known !== undefined) return known
    const syntax = readSyntax(sql, this.#dialect)
    remember(this.#syntaxes, sql, syntax)
    return syntax
  }

  /** What is known of the statement; `undefined` while there is no catalog. */
  read(sql: string): Statement | undefined {
    const known = this.#known.get(sql)
    if (known !== undefined || this.#catalog === undefined) return known
    const syntax = this.syntax(sql)
    const footprint = this.#catalog.footprint(syntax, sql)
    if (footprint.everything && this.#monotonic() > this.#readAt + LOOK_AGAIN_MS && syntax.positions.length > 0) {
      this.outdate()
      return undefined
    }
    const onRows = this.#onRows(this.#catalog, footprint, sql)
    const statement = { syntax, footprint, touched: tagsOfWrite(footprint), revision: this.#revision, onRows }
    remember(this.#known, sql, statement)
    return statement
  }

  /** Without a catalog, a statement may read or change whatever there is. */
  guess(sql: string): Statement {
    const syntax = this.syntax(sql)
    // What calls nothing that could write, and does not write itself, writes nothing.
    const harmless = syntax.effect === 'none' || (syntax.effect === 'read' && syntax.calls.size === 0)
    const footprint: Footprint = {
      effect: syntax.effect,
      tables: new Set(),
      named: [],
      everything: true,
      atOnce: false,
      unkept: 'the tables are not known',
    }
    return { syntax, footprint, touched: new Set(harmless ? [] : EVERYTHING), revision: this.#revision, onRows: undefined }
  }

  #onRows(catalog: Catalog, { effect, tables, everything }: Footprint, sql: string): OnRows | undefined {
    const [table, ...others] = tables
    if (table === undefined || others.length > 0 || everything || (effect !== 'read' && effect !== 'write')) return undefined
    const columns = catalog.columns(table, this.#rowsBy(table))
    // On MySQL a text in double quotes may be a name, or a literal.
    if ((columns.length === 0 && effect === 'read') || (this.#dialect === 'mysql' && sql.includes('"'))) return undefined
    const about = aboutRows(tokensOf(sql, this.#dialect) ?? [])
    return about?.table === table && (about.verb === 'select') === (effect === 'read') ? { about, columns } : undefined
  }

  /** Takes a catalog that was asked for at `revision`; of one that was outdated meanwhile, nothing. */
  learn(catalog: Catalog, revision: number): void {
    if (revision !== this.#revision) return
    this.#catalog = catalog
    this.#readAt = this.#monotonic()
  }

  /** Other tables may be there, or other things may hang on them. */
  outdate(): void {
    this.#revision++
    this.#catalog = undefined
    this.#known.clear()
  }
}

function remember<T>(memory: Map<string, T>, sql: string, item: T): void {
  if (sql.length > MAX_LENGTH) return
  memory.set(sql, item)
  if (memory.size <= MAX_TEXTS) return
  for (const oldest of memory.keys()) {
    memory.delete(oldest)
    return
  }
}
