import { bodyOf, type Body } from './body.js'
import type { Column, TellingColumn } from './columns.js'
import type { Syntax } from './syntax.js'
import type { Dialect } from './tokens.js'
import { runsSql } from './volatile.js'

/** What a database says it consists of. Names come as the database spells them; bodies are `undefined` where they are not told. */
export interface Inventory {
  readonly tables: readonly string[]
  /** Schemas or databases whose tables these are; a table said to be in another one is unknown. `undefined` for: whatever there is. */
  readonly schemas: readonly string[] | undefined
  /** What else decides what is seen of a table, as the policies of its rows do, counts as a view of its name. */
  readonly views: readonly { readonly name: string; readonly body: string | undefined }[]
  /** A change of `parent` changes `child`: by a key, if rows that are there are changed, or `always`. */
  readonly cascades: readonly { readonly parent: string; readonly child: string; readonly always?: boolean }[]
  /** What runs when a table is written, defaults of its columns included. */
  readonly triggers: readonly { readonly table: string; readonly body: string | undefined }[]
  /** Functions of the database's users whose result is not made of their arguments alone. */
  readonly functions: readonly UserRoutine[]
  /** Other such functions, which write nothing. */
  readonly volatile: readonly string[]
  /** Of tables; generated ones may be left out. */
  readonly columns: readonly Column[]
  /** Tables that no rollback takes anything back of. */
  readonly untransacted: readonly string[]
}

interface UserRoutine {
  readonly name: string
  readonly body: string | undefined
  readonly writes: boolean
  /** It may also be called as if it was a column of a row. */
  readonly attribute?: boolean
}

/** What a statement reads or may change. */
export interface Footprint {
  readonly effect: Syntax['effect']
  /** In lower case, without schema: tables of one name in several schemas count as one. */
  readonly tables: ReadonlySet<string>
  /** Those of them that stand where a table must: not what views are made of, nor a column of the same name. */
  readonly named: readonly string[]
  /** Not all is known of what it reads or changes. */
  readonly everything: boolean
  /** What it writes is there at once, also within a transaction. */
  readonly atOnce: boolean
  /** Why its answer is not to be kept, if it is not. */
  readonly unkept: string | undefined
}

interface UserFunction {
  readonly body: Body
  readonly writes: boolean
}

/** The tables of a database, and what hangs on them. */
export class Catalog {
  readonly #schemas: ReadonlySet<string> | undefined
  readonly #tables: ReadonlySet<string>
  /** Tables whose names are no bare words: they are looked for in the text itself. */
  readonly #odd: readonly string[]
  readonly #views: ReadonlyMap<string, readonly Body[]>
  readonly #children: ReadonlyMap<string, readonly { readonly child: string; readonly always: boolean }[]>
  readonly #triggers: ReadonlyMap<string, readonly Body[]>
  readonly #functions: ReadonlyMap<string, readonly UserFunction[]>
  readonly #volatile: ReadonlySet<string>
  readonly #touches: ReadonlyMap<string, readonly string[]>
  readonly #columns: ReadonlyMap<string, readonly Column[]>
  readonly #attributes: ReadonlySet<string>
  readonly #untransacted: ReadonlySet<string>
  /** May a statement write that only reads, and calls nothing? Views may, by functions. */
  readonly readsMayWrite: boolean

  /** @param touches what the triggers of a table write, said by somebody who knows: then what they consist of is not looked at */
  constructor(dialect: Dialect, inventory: Inventory, touches: Readonly<Record<string, readonly string[]>> = {}) {
    const body = (text: string | undefined) => bodyOf(text, dialect)
    this.#schemas = inventory.schemas && lower(inventory.schemas)
    this.#tables = lower([...inventory.tables, ...inventory.views.map(({ name }) => name)])
    this.#odd = [...this.#tables].filter(name => !/^[a-z_\u0080-\uffff][\w$\u0080-\uffff]*$/.test(name))
    this.#views = grouped(inventory.views.map(view => [view.name, body(view.body)]))
    this.#children = grouped(
      inventory.cascades.map(({ parent, child, always = false }) => [parent, { child: child.toLowerCase(), always }]),
    )
    this.#triggers = grouped(inventory.triggers.map(trigger => [trigger.table, body(trigger.body)]))
    this.#functions = grouped(inventory.functions.map(({ name, writes, body: text }) => [name, { writes, body: body(text) }]))
    this.#volatile = lower([...inventory.volatile, ...inventory.functions.map(({ name }) => name)])
    this.#touches = new Map(
      Object.entries(touches).map(([table, touched]) => [table.toLowerCase(), touched.map(name => name.toLowerCase())]),
    )
    this.#columns = grouped(inventory.columns.map(column => [column.table, column]))
    this.#attributes = lower(inventory.functions.filter(({ attribute }) => attribute === true).map(({ name }) => name))
    this.#untransacted = lower(inventory.untransacted)
    this.readsMayWrite = inventory.functions.some(({ writes }) => writes) && (inventory.views.length > 0 || this.#attributes.size > 0)
  }

  has(table: string): boolean {
    return this.#tables.has(table.toLowerCase())
  }

  /** Those of the columns by which rows of the table can be told apart, whoever writes them. */
  columns(table: string, names: readonly string[]): readonly TellingColumn[] {
    // What a trigger or a key does to a row shows nowhere.
    const own = this.#triggers.has(table) || this.#touches.has(table) || this.#views.has(table)
    if (own || this.#children.get(table)?.some(({ child }) => child === table) === true) return []
    const columns = this.#columns.get(table) ?? []
    return names.flatMap(name => {
      const [column, ...others] = columns.filter(one => one.column === name)
      const { kind } = column ?? {}
      return column === undefined || kind === undefined || others.some(other => other.kind !== kind) ? [] : [{ ...column, kind }]
    })
  }

  /** The columns of the primary key. */
  key(table: string): readonly string[] {
    const key = (this.#columns.get(table.toLowerCase()) ?? []).filter(column => column.key === true)
    return [...new Set(key.map(({ column }) => column))]
  }

  /** What the statement reads or may change: too much rather than too little. */
  footprint(syntax: Syntax, sql: string): Footprint {
    const calls = this.#callsIn(syntax)
    const changing = [...calls].find(name => this.#volatile.has(name))
    const found: Found = {
      tables: this.#tablesIn(syntax.names, sql),
      everything: !this.#knows(syntax) || runsSql(syntax.calls),
      writes: syntax.effect === 'write',
      unkept: syntax.unkept ?? (changing === undefined ? undefined : `${changing}() is not made of tables`),
    }
    // A plain insert leaves the rows that are there alone, in the tables that it names itself.
    const inserted: ReadonlySet<string> = syntax.replaces ? new Set() : new Set(found.tables)
    this.#followCalls(calls, found)
    if (!found.writes) this.#followViews(found)
    if (found.writes) this.#followWrites(found, inserted)
    const { tables, everything, writes, unkept } = found
    const effect = writes && syntax.effect === 'read' ? 'write' : syntax.effect
    const named = syntax.positions.map(({ name }) => name).filter(name => this.#tables.has(name))
    return {
      effect,
      tables,
      named: [...new Set(named)],
      everything: everything || (writes && tables.size === 0),
      atOnce: [...tables].some(table => this.#untransacted.has(table)),
      unkept,
    }
  }

  #callsIn({ calls, names }: Syntax): ReadonlySet<string> {
    return this.#attributes.size === 0 ? calls : new Set([...calls, ...[...names].filter(name => this.#attributes.has(name))])
  }

  #tablesIn(names: ReadonlySet<string>, text: string): Set<string> {
    const tables = new Set([...names].filter(name => this.#tables.has(name)))
    const searched = this.#odd.length === 0 ? '' : text.toLowerCase()
    for (const name of this.#odd) if (searched.includes(name)) tables.add(name)
    return tables
  }

  #knows({ positions }: Syntax): boolean {
    return positions.every(
      ({ name, within }) => this.#tables.has(name) && (within === undefined || this.#schemas === undefined || this.#schemas.has(within)),
    )
  }

  #followCalls(calls: ReadonlySet<string>, found: Found): void {
    for (const name of calls) {
      for (const { writes, body } of this.#functions.get(name) ?? []) {
        found.writes ||= writes
        this.#follow(body, found)
      }
    }
  }

  /** A view is what it is made of, also of other views. */
  #followViews(found: Found): void {
    // What is added meanwhile is gone through as well.
    for (const table of found.tables) {
      for (const body of this.#views.get(table) ?? []) {
        found.unkept ??= this.#changing(body)
        this.#follow(body, found)
      }
    }
  }

  /** What is written through a view is written to its tables; keys and triggers write on. */
  #followWrites(found: Found, inserted: ReadonlySet<string>): void {
    for (const table of found.tables) {
      for (const body of this.#views.get(table) ?? []) this.#follow(body, found)
      for (const { child, always } of this.#children.get(table) ?? []) if (always || !inserted.has(table)) found.tables.add(child)
      const touched = this.#touches.get(table)
      for (const name of touched ?? []) found.tables.add(name)
      if (touched === undefined) for (const body of this.#triggers.get(table) ?? []) this.#follow(body, found)
    }
  }

  /** Takes on every table that the body names, and those that the functions it names name. */
  #follow(body: Body, found: Found, seen: Set<string> = new Set()): void {
    if (body.opaque || runsSql(body.calls)) found.everything = true
    for (const table of this.#tablesIn(body.names, body.text)) found.tables.add(table)
    for (const name of body.names) {
      if (seen.has(name)) continue
      seen.add(name)
      for (const inner of this.#functions.get(name) ?? []) {
        found.writes ||= inner.writes && body.calls.has(name)
        this.#follow(inner.body, found, seen)
      }
    }
  }

  #changing({ volatile, names }: Body): string | undefined {
    const changing = volatile ?? [...names].find(name => this.#volatile.has(name))
    return changing === undefined ? undefined : `a view in it has ${changing}`
  }
}

interface Found {
  readonly tables: Set<string>
  everything: boolean
  writes: boolean
  unkept: string | undefined
}

function lower(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(name => name.toLowerCase()))
}

function grouped<T>(pairs: readonly (readonly [string, T])[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const [name, item] of pairs) {
    const key = name.toLowerCase()
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return groups
}
