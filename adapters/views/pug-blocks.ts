import { templateDigest } from '../../lib/fragments/template-digest.js'

/** A node of the syntax tree of Pug, as far as it matters here. */
interface Node {
  readonly type: string
  readonly name?: string
  readonly args?: string | null
  readonly block?: Node | null
  readonly nodes?: readonly Node[]
  readonly call?: boolean
  readonly attrs?: readonly { readonly name: string; readonly val: unknown }[]
  readonly attributeBlocks?: readonly unknown[]
  readonly line?: number | undefined
  readonly filename?: string | undefined
}

/** What a template makes its blocks with, among its locals. */
export const BLOCKS = 'smartCacheBlocks'

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u
const NAME = /(?<![^.]\.)(?<![\p{ID_Continue}$])[\p{ID_Start}$_][\p{ID_Continue}$]*/gu

/** What no parameter may be called, and what means something else in each function. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if ' +
    'implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof ' +
    'undefined var void while with yield'
  ).split(' '),
)

/**
 * The syntax tree of a template whose `+cache('name', { … })` and `+await(name=value)` are blocks that can be rendered at any time, by themselves.
 * All names in a block are bound by value where it stands: loops of Pug change theirs, and a block is rendered when they are over.
 * @param debug whether errors say where they come up
 * @throws {SyntaxError} for one that cannot be
 */
export function withPugBlocks(tree: Node, debug: boolean): Node {
  const mixins: Node[] = []
  const own = new Set<string | undefined>()
  for (const node of nodesIn(tree)) {
    if (node.type !== 'Mixin' || node.call !== false) continue
    mixins.push(node)
    own.add(node.name)
  }
  const rendered = textOf(mixins)
  const rebuilt = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(rebuilt)
    if (typeof value !== 'object' || value === null) return value
    const node = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, rebuilt(part)])) as unknown as Node
    if (node.type !== 'Mixin' || node.call !== true || own.has(node.name)) return node
    if (node.name === 'cache') return asBlock(node, debug, fragmentCall(value as Node, rendered), namesIn(value))
    if (node.name === 'await') return asBlock(node, debug, awaitedCall(node), namesIn(value))
    return node
  }
  return rebuilt(tree) as Node
}

function fragmentCall(node: Node, mixins: string): string {
  if ((node.attrs ?? []).length > 0) throw refused(node, 'Expected `+cache` to have a name and options, and no attributes')
  return `fragment('${templateDigest(mixins + textOf(node.block))}', [${node.args ?? ''}]`
}

function awaitedCall(node: Node): string {
  const { attrs = [], args } = node
  if (attrs.length === 0 || (args ?? '') !== '') throw refused(node, 'Expected `+await` to name its values, as in `+await(name=value)`')
  for (const { name, val } of attrs) {
    if (typeof val !== 'string') throw refused(node, `Expected \`${name}\` of \`+await\` to have a value`)
    if (!IDENTIFIER.test(name) || RESERVED.has(name))
      throw refused(node, `Expected a name of \`+await\` to be that of a variable, got \`${name}\``)
  }
  return `awaited([${attrs.map(({ val }) => `(${String(val)})`).join(', ')}]`
}

/** A block as statements, which Pug writes down as they are. */
function asBlock(node: Node, debug: boolean, call: string, names: readonly string[]): Node {
  const { attrs = [], line, filename } = node
  if (node.block === undefined || node.block === null) throw refused(node, `Expected \`+${node.name}\` to have a block`)
  for (const { type } of nodesIn(node.block)) {
    // It is rendered where the caller's loops may have gone on, and no key knows it.
    if (type === 'MixinBlock')
      throw refused(
        node,
        `Expected \`+${node.name}\` not to have the \`block\` of a mixin in it, which is its caller's: put it around the call`,
      )
  }
  if ((node.attributeBlocks ?? []).length > 0) throw refused(node, `Expected \`+${node.name}\` to have no \`&attributes\``)
  const values = names.map(name => `typeof ${name} === 'undefined' ? undefined : ${name}`)
  const opening =
    `pug_html = pug_html + locals.${BLOCKS}.${call}, ${debug ? TELLER : 'undefined'}, ` +
    `((${names.join(', ')}) => (${attrs.map(({ name }) => name).join(', ')}) => { var pug_around = pug_html; pug_html = ''; try`
  const closing = ` finally { var pug_block = pug_html; pug_html = pug_around } return pug_block })(${values.join(', ')}));`
  const nodes = [
    { type: 'Code', val: opening, buffer: false, mustEscape: false, isInline: false, block: node.block, line, filename },
    { type: 'Code', val: closing, buffer: false, mustEscape: false, isInline: false, debug: false, line, filename },
  ]
  return { type: 'Block', nodes }
}

/** A template says in two variables where it is. */
const TELLER = '() => ((pug_file, pug_line) => pug_error => pug.rethrow(pug_error, pug_file, pug_line))(pug_debug_filename, pug_debug_line)'

function* nodesIn(value: unknown): Generator<Node> {
  if (typeof value !== 'object' || value === null) return
  if ('type' in value) yield value as Node
  for (const part of Object.values(value)) yield* nodesIn(part)
}

/** Names in the expressions of a node, and some more: one that is none binds nothing. */
function namesIn(tree: unknown): readonly string[] {
  const names = new Set<string>()
  const look = (value: unknown, text: boolean) => {
    if (typeof value === 'string' && !text) for (const [name] of value.matchAll(NAME)) names.add(name)
    if (typeof value !== 'object' || value === null) return
    const type = 'type' in value ? value.type : undefined
    for (const [key, part] of Object.entries(value))
      look(part, type === 'Text' || type === 'Comment' || key === 'type' || key === 'filename')
  }
  look(tree, false)
  return [...names].filter(name => !RESERVED.has(name) && !/^pug(?:_|$)/.test(name))
}

/** What a template says, wherever it stands. */
function textOf(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => (key === 'line' || key === 'column' || key === 'filename' ? undefined : value))
}

function refused(node: Node, what: string): SyntaxError {
  return new SyntaxError(`${node.filename ?? 'Pug'}:${node.line ?? 1}\n${what}`)
}
