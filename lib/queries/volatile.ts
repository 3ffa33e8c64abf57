import type { Token } from './tokens.js'

/** Keywords and functions whose result is not made of tables alone: the time, chance, the session, counters, locks. With `()` or without. */
const WORDS = new Set(
  `current_date current_time current_timestamp localtime localtimestamp current_user session_user system_user current_role current_catalog
  current_schema sysdate utc_date utc_time utc_timestamp tablesample`.split(/\s+/),
)

/** The same for names that mean something else unless they are called. */
const CALLS = new Set(
  `now curdate curtime random rand randomblob uuid uuid_short gen_random_uuid nextval currval lastval setval set_config current_setting
  current_schemas clock_timestamp statement_timestamp transaction_timestamp timeofday age user database schema version connection_id
  last_insert_id row_count found_rows changes total_changes last_insert_rowid txid_current get_lock release_lock release_all_locks
  is_free_lock is_used_lock sleep benchmark load_file load_extension dblink dblink_exec unix_timestamp sys_guid inet_client_addr
  inet_client_port inet_server_addr inet_server_port random_bytes`.split(/\s+/),
)

/** They run SQL that they are given as a text: what they read shows nowhere. */
const RUN_SQL = /^(?:crosstab\w*|connectby|xpath_table|ts_stat|ts_rewrite|(?:query|table|schema|database|cursor)_to_xml\w*)$/

/** Functions of SQLite that tell the time unless they are given one. */
const CLOCKS = new Set('date time datetime julianday unixepoch strftime timediff'.split(' '))

/** Literals that databases take for the time of the day. */
const INSTANTS = /^\s*(?:now|today|tomorrow|yesterday|allballs|localtime|subsec|subsecond)\b/i

/** Why the answer to a query may change although no table does; `undefined` if it does not. */
export function volatility(tokens: readonly Token[], dialect: string): string | undefined {
  for (const [index, token] of tokens.entries()) {
    const calls = isMark(tokens[index + 1], '(')
    if (token.kind === 'text' && isInstant(token.text)) return `'${token.text}'`
    if (token.kind === 'mark' && token.text === '@' && dialect === 'mysql') return '@'
    if (token.kind !== 'word') continue
    if (WORDS.has(token.text)) return token.text
    if (token.text === 'next' && tokens[index + 1]?.text === 'value') return 'next value'
    if (calls && (CALLS.has(token.text) || RUN_SQL.test(token.text) || /^(?:pg|lo|pragma)_/.test(token.text))) return `${token.text}()`
    if (calls && CLOCKS.has(token.text) && tellsTime(tokens, index + 2, token.text === 'strftime')) return `${token.text}()`
  }
  return undefined
}

/** Is what is read, or a part of it, named in a text that is handed to a function? */
export function runsSql(calls: ReadonlySet<string>): boolean {
  for (const name of calls) if (RUN_SQL.test(name)) return true
  return false
}

/** Does a database take the value for the time of the day? */
export function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return Array.isArray(value) && value.some(isInstant)
  return value.length < 40 && INSTANTS.test(value)
}

/** @param format whether a format comes first, and the time after it */
function tellsTime(tokens: readonly Token[], from: number, format: boolean): boolean {
  let given = !format
  for (let depth = 1, index = from; depth > 0 && index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: 'mark', text: ')' }
    if (kind === 'mark' && text === '?') return true
    if (kind === 'mark' && text === '(') depth++
    if (kind === 'mark' && text === ')') depth--
    if (kind === 'mark' && text === ',' && depth === 1) given = true
    if (depth === 0) return index === from || !given
  }
  return true
}

export function isMark(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind === 'mark' && token.text === text
}
