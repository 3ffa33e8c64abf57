import type { Token } from './tokens.js'
import { isMark } from './volatile.js'

/** The place of a value among the bindings. */
type Place = number

/** Which rows a statement on one table is about, as far as its text says. Names in lower case. */
export interface AboutRows {
  readonly verb: 'select' | 'insert' | 'update' | 'delete'
  readonly table: string
  /** All rows that it is about have one of these values in this column; of several conditions each holds. */
  readonly conditions: readonly { readonly column: string; readonly places: readonly Place[] }[]
  /** What it writes: the places of the values by column, one for each row; `undefined` for what is no binding. */
  readonly written: ReadonlyMap<string, readonly Place[] | undefined>
  /** An insert of so many rows, of which none can meet one that is there. */
  readonly inserted: number
  /** The columns that it answers with, under their own names. */
  readonly returned: ReadonlySet<string> | 'all'
  /** How many bindings it has. */
  readonly bindings: number
}

/** What makes a statement more than one on a single table. */
const COMBINES = new Set('join union intersect except with'.split(' '))
/** Where one of these stands beside conditions, not all of them need hold. */
const LOOSENS = new Set('or xor case'.split(' '))
const AFTER_WHERE = new Set('group order having limit offset window fetch for lock returning'.split(' '))
const ROW_NUMBERS = new Set(['rowid', 'oid', '_rowid_'])
const NONE: ReadonlySet<string> = new Set()

/** Reads a statement; `undefined` unless it is a plain one on one table. */
export function aboutRows(tokens: readonly Token[]): AboutRows | undefined {
  const places = new Map(tokens.filter(token => isMark(token, '?')).map((token, place) => [token, place]))
  const [first, second] = tokens
  const several = tokens.some(
    (token, index) => isMark(token, ';') || isMark(token, '|') || (index > 0 && (isWord(token, 'select') || isWord(token, 'table'))),
  )
  if (several || first?.kind !== 'word') return undefined
  const reader = new Reader(tokens, places)
  switch (first.text) {
    case 'select':
      return reader.select()
    case 'update':
      return reader.update()
    case 'delete':
      return isWord(second, 'from') ? reader.remove() : undefined
    case 'insert':
      return isWord(second, 'into') ? reader.insert() : undefined
    default:
      return undefined
  }
}

class Reader {
  readonly #tokens: readonly Token[]
  readonly #places: ReadonlyMap<Token, Place>

  constructor(tokens: readonly Token[], places: ReadonlyMap<Token, Place>) {
    this.#tokens = tokens
    this.#places = places
  }

  select(): AboutRows | undefined {
    const [select, from, ...more] = cut(this.#tokens, token => isWord(token, 'from'))
    if (select === undefined || from === undefined || more.length > 0) return undefined
    const table = tableOf(this.#head(from.slice(1)))
    return table === undefined ? undefined : this.#about('select', table, this.#tokens)
  }

  update(): AboutRows | undefined {
    const [head, set, ...more] = cut(this.#tokens, token => isWord(token, 'set'))
    const table = head && tableOf(head.slice(1))
    if (table === undefined || set === undefined || more.length > 0) return undefined
    if (cut(this.#tokens, token => isWord(token, 'from')).length > 1) return undefined
    const written = new Map<string, readonly Place[] | undefined>()
    for (const part of cut(this.#head(set.slice(1)), token => isMark(token, ','), true)) {
      const at = part.findIndex(token => isMark(token, '='))
      const column = columnOf(part.slice(0, Math.max(at, 0)))
      // The number of a row on SQLite may be one of its columns by another name.
      if (column === undefined || ROW_NUMBERS.has(column)) return undefined
      written.set(column, this.#placesOf([part.slice(at + 1)]))
    }
    return this.#about('update', table, this.#tokens, { written })
  }

  remove(): AboutRows | undefined {
    const table = tableOf(this.#head(this.#tokens.slice(2)))
    return table === undefined ? undefined : this.#about('delete', table, this.#tokens)
  }

  /** `insert into t (a, b) values (?, ?), (?, ?)`, and no more but `returning` and `on conflict … do nothing`. */
  insert(): AboutRows | undefined {
    const at = this.#tokens.findIndex(token => isMark(token, '('))
    const table = tableOf(this.#tokens.slice(2, Math.max(at, 2)))
    const names = bracketed(this.#tokens, at)
    const columns = names && cut(names.inside, token => isMark(token, ','), true).map(columnOf)
    if (table === undefined || columns === undefined || names === undefined || !isWord(this.#tokens[names.end], 'values')) return undefined
    const rows: (readonly Token[])[][] = []
    let next = names.end + 1
    for (let row = bracketed(this.#tokens, next); row !== undefined; row = bracketed(this.#tokens, next)) {
      rows.push(cut(row.inside, token => isMark(token, ','), true))
      next = isMark(this.#tokens[row.end], ',') ? row.end + 1 : row.end
    }
    const rest = this.#tokens.slice(next)
    const nothing = cut(rest, token => isWord(token, 'returning'))[0] ?? []
    const conflict = nothing.map(({ text }) => text.toLowerCase()).join(' ')
    if (conflict !== '' && !/^on conflict(?: \( [^()]+ \))? do nothing$/.test(conflict)) return undefined
    const written = new Map<string, readonly Place[] | undefined>()
    for (const [index, column] of columns.entries()) {
      if (column === undefined) return undefined
      written.set(column, this.#placesOf(rows.map(row => row[index] ?? [])))
    }
    const inserted = conflict === '' ? rows.length : 0
    return this.#about('insert', table, rest, { written, inserted })
  }

  #about(verb: AboutRows['verb'], table: string, rest: readonly Token[], more: Partial<AboutRows> = {}): AboutRows | undefined {
    const [, returning] = cut(rest, token => isWord(token, 'returning'))
    const [, where = [], ...others] = cut(rest, token => isWord(token, 'where'))
    if (others.length > 0 || hasOutside(rest, COMBINES)) return undefined
    // Some of the words that end the conditions are names elsewhere: what stands behind them counts as well.
    const conditions = hasOutside(where, LOOSENS) ? [] : this.#conditions(cut(where.slice(1), endsWhere)[0] ?? [])
    const returned = returning === undefined ? NONE : returnedBy(returning.slice(1))
    return { verb, table, conditions, written: new Map(), inserted: 0, returned, bindings: this.#places.size, ...more }
  }

  /** Those of the parts between AND that say `column = ?` or `column in (?, …)`, and no more. */
  #conditions(tokens: readonly Token[]): AboutRows['conditions'] {
    if (hasOutside(tokens, LOOSENS)) return []
    return conjuncts(tokens).flatMap(part => {
      const inner = bracketed(part, 0)
      if (inner !== undefined && inner.end === part.length) return this.#conditions(inner.inside)
      const at = part.findIndex(token => isMark(token, '=') || isWord(token, 'in'))
      const column = columnOf(part.slice(0, Math.max(at, 0)))
      if (column === undefined) return []
      if (isMark(part[at], '=')) return conditionOn(column, this.#placesOf([part.slice(at + 1)]))
      const list = bracketed(part, at + 1)
      if (list === undefined || list.end !== part.length) return []
      return conditionOn(column, this.#placesOf(cut(list.inside, token => isMark(token, ','), true)))
    })
  }

  /** Where the values are, if each is a binding and nothing else. */
  #placesOf(values: readonly (readonly Token[])[]): readonly Place[] | undefined {
    const places = values.map(([token, ...more]) => (token === undefined || more.length > 0 ? undefined : this.#places.get(token)))
    return places.every(place => place !== undefined) ? places : undefined
  }

  #head(tokens: readonly Token[]): readonly Token[] {
    return cut(tokens, token => isWord(token, 'where') || endsWhere(token))[0] ?? []
  }
}

function conditionOn(column: string, places: readonly Place[] | undefined): AboutRows['conditions'] {
  return places === undefined ? [] : [{ column, places }]
}

/** The parts between AND; that of a BETWEEN is none. */
function conjuncts(tokens: readonly Token[]): readonly (readonly Token[])[] {
  let between = false
  return cut(
    tokens,
    token => {
      if (isWord(token, 'between')) between = true
      else if (isWord(token, 'and')) {
        if (!between) return true
        between = false
      }
      return false
    },
    true,
  )
}

/** Cuts before each such token outside of brackets; without the token itself if it only `separates`. */
function cut(tokens: readonly Token[], where: (token: Token) => boolean, separates = false): (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (isMark(token, ')')) depth--
    if (depth === 0 && where(token)) parts.push(separates ? [] : [token])
    else parts.at(-1)?.push(token)
    if (isMark(token, '(')) depth++
  }
  return parts
}

/** Is one of the words there, outside of brackets? */
function hasOutside(tokens: readonly Token[], words: ReadonlySet<string>): boolean {
  return cut(tokens, ({ kind, text }) => kind === 'word' && words.has(text)).length > 1
}

/** What is in the brackets that begin there, and the index behind them. */
function bracketed(tokens: readonly Token[], from: number): { readonly inside: readonly Token[]; readonly end: number } | undefined {
  if (!isMark(tokens[from], '(')) return undefined
  let depth = 0
  for (let index = from; index < tokens.length; index++) {
    if (isMark(tokens[index], '(')) depth++
    if (isMark(tokens[index], ')') && --depth === 0) return { inside: tokens.slice(from + 1, index), end: index + 1 }
  }
  return undefined
}

/** `t`, `schema.t`, `t as x`, `t x`. */
function tableOf(tokens: readonly Token[]): string | undefined {
  const bare = isMark(tokens[1], '.') ? tokens.slice(2) : tokens
  const [table, as, alias, ...more] = bare
  if (table === undefined || !isName(table) || more.length > 0) return undefined
  const known = as === undefined || (alias === undefined ? isName(as) : isWord(as, 'as') && isName(alias))
  return known ? table.text.toLowerCase() : undefined
}

/** `c`, `t.c`. */
function columnOf(tokens: readonly Token[]): string | undefined {
  const [name, ...more] = tokens.length === 3 && isMark(tokens[1], '.') ? tokens.slice(2) : tokens
  return name !== undefined && more.length === 0 && isName(name) ? name.text.toLowerCase() : undefined
}

function returnedBy(tokens: readonly Token[]): ReadonlySet<string> | 'all' {
  if (tokens.length === 1 && isMark(tokens[0], '*')) return 'all'
  const columns = cut(tokens, token => isMark(token, ','), true).map(columnOf)
  return columns.some(column => column === undefined) ? NONE : new Set(columns.filter(column => column !== undefined))
}

function endsWhere(token: Token): boolean {
  return token.kind === 'word' && AFTER_WHERE.has(token.text)
}

function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'name'
}

function isWord(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind === 'word' && token.text === text
}
