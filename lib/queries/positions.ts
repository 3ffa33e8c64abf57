import type { Token } from './tokens.js'
import { isMark } from './volatile.js'

/** A place in a statement where a table must be named. */
export interface Position {
  readonly name: string
  /** The schema or database it is said to be in. */
  readonly within: string | undefined
}

/** Ends the list of tables after FROM. */
const CLAUSES = new Set(
  `where group order having limit offset union intersect except window for set on using returning values select fetch when inner left right
  full cross natural join straight_join`.split(/\s+/),
)
/** May stand between the verb and the table. */
const MODIFIERS = new Set(
  'or rollback abort replace fail ignore low_priority delayed high_priority quick into only table lateral'.split(' '),
)

/** Every table that a statement must name, but for those it defines itself (WITH) and functions in the place of one. */
export function tablePositions(part: readonly Token[]): readonly Position[] {
  const own = ownNames(part)
  const positions: Position[] = []
  /** For each open bracket, whether a query is inside it, and whether a list of tables is going on. */
  const levels = [{ query: false, list: false }]
  for (const [index, token] of part.entries()) {
    const level = levels.at(-1) ?? { query: false, list: false }
    if (isMark(token, '(')) levels.push({ query: false, list: level.list && opensTables(part[index - 1]) })
    else if (isMark(token, ')')) {
      if (levels.length > 1) levels.pop()
    } else if (isMark(token, ',')) {
      if (level.list) note(index + 1, true)
    } else if (token.kind === 'word' && !isMark(part[index - 1], '.')) {
      const introduces = introduction(part, index, level.query)
      if (CLAUSES.has(token.text)) level.list = false
      if (QUERIES.has(token.text)) level.query = true
      if (introduces === 'list') level.list = true
      if (introduces !== undefined) note(index + 1, token.text === 'from' || token.text === 'join' || token.text === 'straight_join')
    }
  }
  return positions

  function note(from: number, callable: boolean): void {
    let at = from
    while (part[at]?.kind === 'word' && MODIFIERS.has(part[at]?.text ?? '')) at++
    const first = part[at]
    // SQLite takes a literal for a name where only a name can stand.
    if (first === undefined || first.kind === 'mark') return
    let [within, name, last] = [undefined as string | undefined, first.text.toLowerCase(), at]
    while (isMark(part[last + 1], '.')) {
      within = name
      name = part[last + 2]?.text.toLowerCase() ?? ''
      last += 2
    }
    if (callable && isMark(part[last + 1], '(')) return
    if (within !== undefined || !own.has(name)) positions.push({ name, within })
  }
}

const QUERIES = new Set(['select', 'update', 'delete', 'insert', 'replace', 'merge'])

/** A bracket in a list of tables that is no call: `from (a join b on …)`. */
function opensTables(before: Token | undefined): boolean {
  return isMark(before, ',') || isMark(before, '(') || (before?.kind === 'word' && (before.text === 'from' || before.text === 'join'))
}

/** Does a table follow the word, or a list of them? */
function introduction(part: readonly Token[], index: number, query: boolean): 'one' | 'list' | undefined {
  const { text } = part[index] ?? { text: '' }
  const [before, after] = [part[index - 1]?.text, part[index + 1]]
  switch (text) {
    case 'from':
      // Not extract(year from …), trim(both from …), is distinct from …
      return query && before !== 'distinct' ? 'list' : undefined
    case 'join':
    case 'straight_join':
    case 'into':
      return 'one'
    case 'using':
      return isMark(after, '(') ? undefined : 'list'
    case 'update':
      return before === 'for' || before === 'key' || before === 'on' || before === 'do' ? undefined : 'list'
    case 'delete':
      return after?.kind === 'word' && after.text === 'from' ? undefined : isStart(part, index) ? 'list' : undefined
    case 'insert':
    case 'replace':
    case 'truncate':
      return isMark(after, '(') || !isStart(part, index) ? undefined : 'list'
    default:
      return undefined
  }
}

function isStart(part: readonly Token[], index: number): boolean {
  return index === 0 || isMark(part[index - 1], '(') || isMark(part[index - 1], ')')
}

/** The names that WITH gives to queries: `name as (`, `name (columns) as materialized (`. */
function ownNames(part: readonly Token[]): ReadonlySet<string> {
  const names = new Set<string>()
  if (!part.some(({ kind, text }) => kind === 'word' && text === 'with')) return names
  for (const [index, token] of part.entries()) {
    if (token.kind !== 'word' || token.text !== 'as') continue
    let after = index + 1
    while (part[after]?.text === 'not' || part[after]?.text === 'materialized') after++
    if (!isMark(part[after], '(')) continue
    let before = index - 1
    if (isMark(part[before], ')')) {
      while (before > 0 && !isMark(part[before], '(')) before--
      before--
    }
    const name = part[before]
    if (name !== undefined && (name.kind === 'word' || name.kind === 'name')) names.add(name.text.toLowerCase())
  }
  return names
}
