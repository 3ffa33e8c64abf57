import { controlOf, type Control } from './control.js'
import { tablePositions, type Position } from './positions.js'
import { namesIn, tokensOf, type Dialect, type Token } from './tokens.js'
import { isMark, volatility } from './volatile.js'

/**
 * What a statement does, as far as its text says. `none` neither reads nor changes a table; `session` changes what later statements on the same
 * connection mean; of an `opaque` one nothing is known.
 */
export type Effect = 'read' | 'write' | 'schema' | 'session' | 'none' | 'opaque'

export interface Syntax {
  readonly effect: Effect
  /** What it does to the transaction of its connection. */
  readonly control: Control | undefined
  /** It ends an open transaction by committing it, as on MySQL all changes of the schema do. */
  readonly commits: boolean
  /** Whatever may name a table, in lower case. */
  readonly names: ReadonlySet<string>
  /** Whatever is called, or may be. */
  readonly calls: ReadonlySet<string>
  /** It may answer with something that it has read. */
  readonly answers: boolean
  /** Where a table must be named. */
  readonly positions: readonly Position[]
  /** Why the answer is not to be kept, if it is not. */
  readonly unkept: string | undefined
  /** A table that it makes for its connection alone. */
  readonly temporary: string | undefined
  /** The table of which this asks for everything: `select * from t`. */
  readonly whole: string | undefined
  /** It may change or remove rows that are there, and so set off what hangs on their keys. */
  readonly replaces: boolean
}

const READS = new Set(['select', 'values', 'with', 'table', 'explain', 'describe', 'desc', 'show'])
const WRITES = new Set(['insert', 'update', 'delete', 'replace', 'merge', 'truncate', 'upsert'])
const SCHEMA = new Set('create alter drop rename refresh import reindex cluster'.split(' '))
const NONE = new Set(
  `set reset pragma listen unlisten notify analyze vacuum optimize checkpoint comment grant revoke lock unlock flush kill deallocate
  close check`.split(/\s+/),
)
/** On MySQL, these leave an open transaction open; all others may commit it. */
const LEAVES_OPEN = new Set('select values with table explain describe desc show insert update delete replace do use'.split(' '))
/** What `set`, `reset` and `pragma` may change of what a query means. */
const MEANING = new RegExp(
  `^(?:search_path|schema|role|session|authorization|row_security|all|sql_mode|autocommit|writable_schema|temp_store_directory|zone
  |timezone|time_zone|datestyle|intervalstyle|bytea_output|extra_float_digits|lc_\\w+|default_text_search_config|standard_conforming_strings
  |transaction_isolation|tx_isolation|collation_\\w+|character_set_\\w+|group_concat_max_len|div_precision_increment|sql_select_limit
  |default_week_format|case_sensitive_like|full_column_names|short_column_names)$`.replaceAll(/\s+/g, ''),
)

/** Reads the text of a statement. Whatever is not understood for certain is `opaque`. */
export function readSyntax(sql: string, dialect: Dialect): Syntax {
  const tokens = tokensOf(sql, dialect)
  if (tokens === undefined) return { ...NOTHING, ...UNREADABLE, names: namesIn(sql), calls: namesIn(sql) }
  const control = controlOf(tokens)
  if (control !== undefined) return { ...NOTHING, control }
  const parts = partsOf(tokens)
  const effects = parts.map(part => effectOf(part, dialect))
  const effect = EFFECTS.find(one => effects.includes(one)) ?? 'none'
  const positions = effect === 'read' || effect === 'write' ? parts.flatMap(tablePositions) : []
  const words = tokens.flatMap(({ kind, text }) => (kind === 'word' || kind === 'name' ? [text.toLowerCase()] : []))
  return {
    effect,
    control: undefined,
    commits: dialect === 'mysql' && parts.some(part => !LEAVES_OPEN.has(verbOf(part)) || isAutocommit(part)),
    names: new Set([...words, ...positions.map(({ name }) => name)]),
    calls: new Set(tokens.flatMap(({ text }, index) => (isMark(tokens[index + 1], '(') ? [text.toLowerCase()] : []))),
    answers: effect === 'opaque' || parts.some(answers),
    positions,
    unkept: effect === 'read' ? (lockOf(tokens) ?? unkeptOf(parts, tokens, dialect)) : undefined,
    temporary: effect === 'schema' ? parts.map(temporaryOf).find(name => name !== undefined) : undefined,
    whole: parts.length === 1 ? wholeOf(tokens) : undefined,
    replaces: tokens.some(({ kind, text }) => kind === 'word' && REPLACES.has(text)),
  }
}

const REPLACES = new Set(['update', 'delete', 'replace', 'merge', 'truncate', 'conflict', 'duplicate', 'upsert'])

const NOTHING: Syntax = {
  effect: 'none',
  control: undefined,
  commits: false,
  names: new Set(),
  calls: new Set(),
  answers: false,
  positions: [],
  unkept: undefined,
  temporary: undefined,
  whole: undefined,
  replaces: false,
}

const UNREADABLE: Syntax = { ...NOTHING, effect: 'opaque', commits: true, answers: true, replaces: true }

/** Of several statements in one text, that which says least counts. */
const EFFECTS: readonly Effect[] = ['opaque', 'session', 'schema', 'write', 'read']

/** The statements of a text. A routine or trigger has others inside it, and counts as one with all that follows. */
function partsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = []
  let part: Token[] = []
  for (const token of tokens) {
    if (isMark(token, ';') && !(part[0]?.text === 'create' && part.some(({ kind, text }) => kind === 'word' && ROUTINES.has(text)))) {
      parts.push(part)
      part = []
    } else part.push(token)
  }
  return [...parts, part].filter(({ length }) => length > 0)
}

const ROUTINES = new Set(['trigger', 'procedure', 'function', 'event', 'package'])

function verbOf(part: readonly Token[]): string {
  const first = part.find(token => !isMark(token, '('))
  return first?.kind === 'word' ? first.text : ''
}

function effectOf(part: readonly Token[], dialect: Dialect): Effect {
  const verb = verbOf(part)
  // TRUNCATE … CASCADE takes every table with it that refers to the one it names, whatever its keys say.
  if (verb === 'truncate' && part.some(({ text }) => text === 'cascade')) return 'schema'
  if (WRITES.has(verb)) return 'write'
  if (READS.has(verb)) return effectOfRead(part, verb)
  if (SCHEMA.has(verb)) return isTemporary(part) && part.some(({ text }) => text === 'trigger') ? 'session' : 'schema'
  if (verb === 'use' || verb === 'attach' || verb === 'detach' || verb === 'discard') return 'session'
  if (!NONE.has(verb)) return 'opaque'
  if (verb !== 'set' && verb !== 'reset' && verb !== 'pragma') return 'none'
  if (changesMeaning(part, dialect)) return 'session'
  // A function that is called there may write.
  return verb === 'set' && part.some(token => isMark(token, '(')) ? 'opaque' : 'none'
}

/** With a common table expression, or in front of a plan, anything may follow; and what is selected may go into a table. */
function effectOfRead(part: readonly Token[], verb: string): Effect {
  const into = part.findIndex(({ kind, text }) => kind === 'word' && text === 'into')
  if (part.some((token, index) => isWriteVerb(part, token, index))) return 'write'
  if (into !== -1 || part.some(({ text }, index) => isMark(part[index + 1], '(') && OPAQUE_CALLS.test(text))) return 'opaque'
  if (part.some((token, index) => token.text === 'set_config' && setsSession(part, index))) return 'session'
  return verb === 'show' || verb === 'describe' || verb === 'desc' ? 'none' : 'read'
}

/** They run SQL of which nothing is known here, or functions that one connection has for itself. */
const OPAQUE_CALLS = /^dblink(?:_exec|_send_query|_open)?$/

/** `set_config(name, value, false)` of something that changes what a query means. */
function setsSession(part: readonly Token[], index: number): boolean {
  const [name, end] = [part[index + 2], part.findIndex((token, at) => at > index && isMark(token, ')'))]
  const local = part[end - 1]?.text === 'true'
  return !local && !(name?.kind === 'text' && !MEANING.test(name.text.toLowerCase()))
}

/** May it answer with rows? */
function answers(part: readonly Token[]): boolean {
  return READS.has(verbOf(part)) || part.some(({ kind, text }) => kind === 'word' && text === 'returning')
}

function isWriteVerb(part: readonly Token[], { kind, text }: Token, index: number): boolean {
  if (kind !== 'word' || !WRITES.has(text) || text === 'upsert') return false
  const [before, after] = [part[index - 1], part[index + 1]]
  // replace(…), insert(…) and truncate(…) are functions of text and numbers; for update is a lock.
  if (isMark(after, '(') || isMark(before, '.') || isMark(after, '.')) return false
  return !(text === 'update' && before?.kind === 'word' && (before.text === 'for' || before.text === 'key'))
}

function changesMeaning(part: readonly Token[], dialect: Dialect): boolean {
  const words = part.filter(({ kind }) => kind === 'word' || kind === 'name').map(({ text }) => text.toLowerCase())
  // Then what is read may never be committed.
  if (dialect === 'mysql' && words.includes('uncommitted') && words.includes('session')) return true
  // What counts for one transaction only: what is read inside that is kept by nobody. On MySQL `local` is another word for `session`.
  if (['transaction', 'characteristics', 'constraints', ...(dialect === 'mysql' ? [] : ['local'])].some(word => words.includes(word)))
    return false
  return words.some(
    (word, index) => MEANING.test(word) && !(word === 'session' && dialect !== 'sqlite' && words[index + 1] !== 'authorization'),
  )
}

function isAutocommit(part: readonly Token[]): boolean {
  return part.some(({ text }) => text.toLowerCase() === 'autocommit')
}

const LOCKS = new Set(['update', 'share', 'no', 'key'])

function lockOf(tokens: readonly Token[]): string | undefined {
  const locks = tokens.some(({ kind, text }, index) => {
    const next = tokens[index + 1]
    return kind === 'word' && next?.kind === 'word' && ((text === 'for' && LOCKS.has(next.text)) || (text === 'lock' && next.text === 'in'))
  })
  return locks ? 'it locks what it reads' : undefined
}

function unkeptOf(parts: readonly (readonly Token[])[], tokens: readonly Token[], dialect: Dialect): string | undefined {
  if (parts.length > 1) return 'it is several statements'
  if (parts.some(part => verbOf(part) === 'explain')) return 'it is a plan'
  const volatile = volatility(tokens, dialect)
  return volatile === undefined ? undefined : `${volatile} is not made of tables`
}

/** The name after `create temporary table`, also of a view or a sequence. */
function temporaryOf(part: readonly Token[]): string | undefined {
  if (!isTemporary(part)) return undefined
  const words = part.map(({ text }) => text.toLowerCase())
  const from = words.findIndex(word => word === 'table' || word === 'view' || word === 'sequence')
  return words.slice(from + 1).find(word => !['if', 'not', 'exists', '.'].includes(word) && !TEMPORARY.test(word))
}

const TEMPORARY = /^(?:temp|temporary|pg_temp(?:_\d+)?)$/

/** `create temporary …`, or `create … temp.x`. */
function isTemporary(part: readonly Token[]): boolean {
  if (part[0]?.text !== 'create') return false
  return part.some(({ text }, index) => TEMPORARY.test(text.toLowerCase()) && (index < 4 || isMark(part[index + 1], '.')))
}

/** `select * from t`, perhaps of a schema, and nothing else. */
function wholeOf(tokens: readonly Token[]): string | undefined {
  const [select, star, from, ...rest] = tokens
  if (select?.text !== 'select' || !isMark(star, '*') || from?.text !== 'from') return undefined
  const qualified = rest.length === 3 && isMark(rest[1], '.')
  const name = qualified ? rest[2] : rest[0]
  return (qualified || rest.length === 1) && name !== undefined && name.kind !== 'mark' ? name.text.toLowerCase() : undefined
}
