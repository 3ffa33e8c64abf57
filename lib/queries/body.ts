import { namesIn, tokensOf, type Dialect } from './tokens.js'
import { isMark, volatility } from './volatile.js'

/** What the SQL of a view, trigger or function names. */
export interface Body {
  readonly text: string
  /** Whatever may name a table or a function, in lower case. */
  readonly names: ReadonlySet<string>
  /** Those of them that are called. */
  readonly calls: ReadonlySet<string>
  /** It makes SQL at run time, or cannot be read: it may name anything. */
  readonly opaque: boolean
  /** What in it is not made of tables. */
  readonly volatile: string | undefined
}

/** SQL made at run time names tables that are not in the text; EXECUTE FUNCTION in the head of a trigger is none. */
const AT_RUN_TIME = new Set(['execute', 'prepare', 'dblink', 'call'])

/** @param text `undefined` where the database does not tell it */
export function bodyOf(text: string | undefined, dialect: Dialect): Body {
  const tokens = text === undefined ? undefined : tokensOf(text, dialect)
  if (text === undefined || tokens === undefined) {
    const names = namesIn(text ?? '')
    return { text: text ?? '', names, calls: names, opaque: true, volatile: undefined }
  }
  const words = tokens.filter(({ kind }) => kind === 'word')
  return {
    text,
    names: namesIn(text),
    calls: new Set(tokens.flatMap((token, index) => (isMark(tokens[index + 1], '(') ? [token.text.toLowerCase()] : []))),
    opaque: words.some(({ text: word }, index) => AT_RUN_TIME.has(word) && !/^(?:function|procedure)$/.test(words[index + 1]?.text ?? '')),
    volatile: volatility(tokens, dialect),
  }
}
