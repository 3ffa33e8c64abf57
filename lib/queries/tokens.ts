/** The families of SQL that are understood. MariaDB counts as `mysql`. */
export type Dialect = 'sqlite' | 'postgresql' | 'mysql'

/** A piece of SQL. Comments and blanks are none. */
export interface Token {
  /** `word`: a keyword, bare name or number, in lower case. `name`: a quoted name, without its quotes. `text`: a literal. `mark`: one other character. */
  readonly kind: 'word' | 'name' | 'text' | 'mark'
  readonly text: string
}

const LETTER = String.raw`A-Za-z_\u0080-\uffff`
const WORD = String.raw`[${LETTER}][\w$\u0080-\uffff]*|\d[\w.]*`
const BLOCK_COMMENT = String.raw`/\*(?:(?!/\*)[\s\S])*?\*/`

/** What one piece of text is in each family: skipped, a literal, a quoted name, a word. Anything else is a mark. */
const PIECES: Readonly<Record<Dialect, RegExp>> = {
  sqlite: pattern(String.raw`\s+|--[^\n]*|/\*[\s\S]*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\x60(?:[^\x60]|\x60\x60)*\x60|\[[^\]]*\]`),
  postgresql: pattern(
    String.raw`\s+|--[^\n]*|${BLOCK_COMMENT}|[eE]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|\$((?:[${LETTER}][\w\u0080-\uffff]*)?)\$[\s\S]*?\$\1\$|"(?:[^"]|"")*"`,
  ),
  // What stands in double quotes is a literal, or in ANSI mode a name: as a name it counts in either case.
  mysql: pattern(
    String.raw`\s+|--(?=\s|$)[^\n]*|#[^\n]*|${BLOCK_COMMENT}|'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"|\x60(?:[^\x60]|\x60\x60)*\x60`,
  ),
}

function pattern(special: string): RegExp {
  return new RegExp(`${special}|${WORD}|[\\s\\S]`, 'y')
}

/** What may be read in two ways, depending on how the session is set up. */
const AMBIGUOUS: Readonly<Record<Dialect, RegExp | undefined>> = {
  sqlite: undefined,
  postgresql: /\\'|\bu&["']/i,
  mysql: /\\["']|\/\*M?!/i,
}

/** The tokens of a text; `undefined` where it is not certain how a database reads it. */
export function tokensOf(sql: string, dialect: Dialect): readonly Token[] | undefined {
  if (AMBIGUOUS[dialect]?.test(sql) === true) return undefined
  const pieces = new RegExp(PIECES[dialect])
  const tokens: Token[] = []
  for (let found = pieces.exec(sql); found !== null; found = pieces.exec(sql)) {
    const [piece] = found
    const token = piece === '/' && sql.charAt(pieces.lastIndex) === '*' ? 'unended' : tokenOf(piece, dialect)
    if (token === 'unended') return undefined
    if (token !== undefined) tokens.push(token)
  }
  return tokens
}

function tokenOf(piece: string, dialect: Dialect): Token | 'unended' | undefined {
  const first = piece.charAt(0)
  if (/[A-Za-z_\d\u0080-\uffff]/.test(first)) {
    return /^e'/i.test(piece) ? { kind: 'text', text: piece.slice(2, -1) } : { kind: 'word', text: piece.toLowerCase() }
  }
  if (piece.length > 1) {
    if (first === "'" || first === '$') return { kind: 'text', text: piece.slice(1, -1) }
    return /["`[]/.test(first) ? { kind: 'name', text: unquoted(piece) } : undefined
  }
  // A quote that is not ended; a comment that is not, or has another inside it.
  if (/['"`]/.test(first) || (dialect === 'sqlite' && first === '[')) return 'unended'
  return first.trim() === '' ? undefined : { kind: 'mark', text: first }
}

/** Whatever could be a name in a text, in lower case, however a database reads it. */
export function namesIn(sql: string): ReadonlySet<string> {
  return new Set(Array.from(sql.matchAll(new RegExp(WORD, 'g')), ([word]) => word.toLowerCase()))
}

function unquoted(name: string): string {
  const quote = name.charAt(0)
  return name.slice(1, -1).replaceAll(quote + quote, quote)
}
