import { templateDigest } from '../../lib/fragments/template-digest.js'

interface Position {
  readonly line: number
  readonly column: number
}

interface Location {
  readonly start: Position
  readonly end: Position
}

/** A statement of the syntax tree of Handlebars, as far as it matters here. */
interface Statement {
  readonly type: string
  readonly loc: Location
  readonly path?: { readonly original: string }
  readonly program?: Program | null
  readonly inverse?: Program | null
}

/** The syntax tree of a template, or of a block of it. */
export interface Program {
  readonly type: 'Program'
  /** None if there is nothing in it. */
  readonly loc?: Location | undefined
  readonly body: readonly Statement[]
  readonly chained?: boolean
}

/** The decorator by which a block knows its digest, and the data by asking for which a template says where it is. */
export const BLOCK = 'smartCacheBlock'
export const PLACES = 'smartCachePlaces'

const WITHOUT_CODE = new Set(['ContentStatement', 'CommentStatement'])

/**
 * The syntax tree of a template whose `{{#cache}}` and `{{#await}}` are known by the text in them, and which says where it is before each statement.
 * @param name what errors call the template
 * @param placeOf what it asks of these data on a line
 * @throws {SyntaxError} for one that cannot be
 */
export function withHandlebarsBlocks(tree: Program, text: string, name: string, placeOf: (line: number) => string): Program {
  const starts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), ({ 0: end, index }) => index + end.length)]
  const at = ({ line, column }: Position) => (starts[line - 1] ?? text.length) + column
  const textOf = (loc: Location | undefined) => (loc === undefined ? '' : text.slice(at(loc.start), at(loc.end)))
  const rebuilt = (program: Program): Program => {
    let line = 0
    const body = program.body.flatMap(statement => {
      if (WITHOUT_CODE.has(statement.type)) return [statement]
      const { start } = statement.loc
      const saying = start.line === line ? [] : [asking(placeOf(start.line), statement.loc)]
      // What it has in it says where that is.
      line = statement.type === 'MustacheStatement' ? start.line : 0
      return [...saying, withinOf(statement)]
    })
    // Handlebars looks for white space again, and would take the first statement of an `else if` for its block.
    return { ...program, body, chained: false }
  }
  const withinOf = (statement: Statement): Statement => {
    const { program, inverse, path } = statement
    if (program === undefined || program === null) return statement
    const within = rebuilt(program)
    const other = inverse && rebuilt(inverse)
    if (statement.type !== 'BlockStatement' || (path?.original !== 'cache' && path?.original !== 'await'))
      return { ...statement, program: within, ...(other && { inverse: other }) }
    if (other) throw new SyntaxError(`${name}:${statement.loc.start.line}\nExpected \`${path.original}\` to have no \`else\``)
    const decorator = decorating(templateDigest(textOf(program.loc)), statement.loc)
    return { ...statement, program: { ...within, body: [decorator, ...within.body] } }
  }
  return rebuilt(tree)
}

/** `{{{@places.place}}}`, which writes nothing. */
function asking(place: string, loc: Location): Statement {
  const path = { type: 'PathExpression', data: true, depth: 0, parts: [PLACES, place], original: `@${PLACES}`, loc }
  return { type: 'MustacheStatement', path, params: [], escaped: false, strip: UNSTRIPPED, loc } as Statement
}

/** `{{* block 'digest'}}` */
function decorating(digest: string, loc: Location): Statement {
  const path = { type: 'PathExpression', data: false, depth: 0, parts: [BLOCK], original: BLOCK, loc }
  const params = [{ type: 'StringLiteral', value: digest, original: digest, loc }]
  return { type: 'Decorator', path, params, escaped: true, strip: UNSTRIPPED, loc } as Statement
}

const UNSTRIPPED = { open: false, close: false }
