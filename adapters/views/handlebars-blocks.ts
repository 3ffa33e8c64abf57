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

/** The decorator by which a block knows its digest, and the helper by which a template says where it is. */
export const BLOCK = 'smartCacheBlock'
export const PLACE = 'smartCachePlace'

const WITHOUT_CODE = new Set(['ContentStatement', 'CommentStatement'])

/**
 * The syntax tree of a template whose `{{#cache}}` and `{{#await}}` are known by the text in them, and which says where it is before each statement.
 * @param name what errors call the template
 * @throws {SyntaxError} for one that cannot be
 */
export function withHandlebarsBlocks(tree: Program, text: string, name: string): Program {
  const starts = [0, ...Array.from(text.matchAll(/\r\n?|\n/g), ({ 0: end, index }) => index + end.length)]
  const at = ({ line, column }: Position) => (starts[line - 1] ?? text.length) + column
  const textOf = (loc: Location | undefined) => (loc === undefined ? '' : text.slice(at(loc.start), at(loc.end)))
  const rebuilt = (program: Program): Program => {
    let line = 0
    const body = program.body.flatMap(statement => {
      if (WITHOUT_CODE.has(statement.type)) return [statement]
      const { start } = statement.loc
      const saying = start.line === line ? [] : [called('MustacheStatement', PLACE, statement.loc, name, start.line)]
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
    const decorator = called('Decorator', BLOCK, statement.loc, templateDigest(textOf(program.loc)))
    return { ...statement, program: { ...within, body: [decorator, ...within.body] } }
  }
  return rebuilt(tree)
}

/** The call of a helper that writes nothing, or of a decorator. */
function called(type: string, name: string, loc: Location, ...given: readonly (string | number)[]): Statement {
  const params = given.map(value => ({ type: typeof value === 'string' ? 'StringLiteral' : 'NumberLiteral', value, original: value, loc }))
  const path = { type: 'PathExpression', data: false, depth: 0, parts: [name], original: name, loc }
  const strip = { open: false, close: false }
  return { type, path, params, hash: undefined, escaped: false, strip, loc } as Statement
}
