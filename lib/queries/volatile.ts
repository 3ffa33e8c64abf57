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
  inet_client_port inet_server_addr inet_server_port`.split(/\s+/),
)

/** Functions of SQLite that tell the time unless they are given one. */
const CLOCKS = new Set('date time datetime julianday unixepoch strftime timediff'.split(' '))

/** Literals that databases take for the time of the day. */
const INSTANTS = /^\s*(?:now|today|tomorrow|yesterday|allballs|localtime)\b/i

/** Why the answer to a query may change although no table does; `undefined` if it does not. */
export function volatility(tokens: readonly Token[], dialect: string): string | undefined {
  for (const [index, token] of tokens.entries()) {
    const calls = isMark(tokens[index + 1], '(')
    if (token.kind === 'text' && isInstant(token.text)) return `'${token.text}'`
    if (token.kind === 'mark' && token.text === '@' && dialect === 'mysql') return '@'
    if (token.kind !== 'word') continue
    if (WORDS.has(token.text)) return token.text
    if (calls && (CALLS.has(token.text) || /^(?:pg|lo)_/.test(token.text))) return `${token.text}()`
    if (calls && CLOCKS.has(token.text) && tellsTime(tokens, index + 2)) return `${token.text}()`
  }
  return undefined
}

/** Does a database take the value for the time of the day? */
export function isInstant(value: unknown): boolean {
  return typeof value === 'string' && value.length < 40 && INSTANTS.test(value)
}

function tellsTime(tokens: readonly Token[], from: number): boolean {
  for (let depth = 1, index = from; depth > 0 && index < tokens.length; index++) {
    const { kind, text } = tokens[index] ?? { kind: 'mark', text: ')' }
    if (kind === 'mark' && text === '?') return true
    if (kind === 'mark' && text === '(') depth++
    if (kind === 'mark' && text === ')') depth--
    if (depth === 0) return index === from
  }
  return true
}

export function isMark(token: Token | undefined, text: string): boolean {
  return token !== undefined && token.kind === 'mark' && token.text === text
}
