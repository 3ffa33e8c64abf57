import type { Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { templateDigest } from '../../lib/fragments/template-digest.js'
import { renderer, type Render } from './render.js'
import { Tags, type ViewOptions } from './tags.js'

type Callback<Value> = (error: unknown, value?: Value) => void

/** What is used of the module `nunjucks`. */
export interface Nunjucks {
  readonly lib: { readonly TemplateError: new (cause: string, line: number, column: number) => Error }
  readonly runtime: { readonly SafeString: new (markup: string) => object }
}

/** What is used of an `Environment`. */
export interface NunjucksEnvironment {
  addExtension(name: string, extension: never): unknown
  addFilter(name: string, filter: (value: unknown, callback: Callback<unknown>) => void, async: true): unknown
  render(name: string, locals: object, callback: (error: never, html: string | null) => void): unknown
}

interface Token {
  readonly value: string
  readonly lineno: number
  readonly colno: number
}

interface Parser {
  readonly tokens: { readonly str: string; readonly index: number }
  nextToken(): Token
  parseSignature(tolerant: boolean | null, noParens: boolean): { addChild(node: unknown): void }
  parseUntilBlocks(...names: string[]): unknown
  advanceAfterBlockEnd(name?: string): void
}

interface Nodes {
  readonly Literal: new (line: number, column: number, value: unknown) => unknown
  readonly CallExtension: new (extension: object, method: string, args: unknown, blocks?: readonly unknown[]) => unknown
  readonly CallExtensionAsync: new (extension: object, method: string, args: unknown, blocks: readonly unknown[]) => unknown
}

/** A compiled template says where it is in two variables. It tells them by this function, which a literal brings into it as it is. */
const POSITION = { toString: () => '(function () { return [lineno, colno] })' }

type Position = () => readonly [line: number, column: number]

/**
 * Gives an environment of Nunjucks the tags `{% cache 'name', { ttl: '1h' } %} … {% endcache %}`, `{% hole 'name' %}` and `{% nonce %}`, and the filter
 * `await`, for the value of a promise: `{{ load() | await }}` in a block loads on a miss only.
 * @returns what renders to a promise. `env.express(app)` and `env.render` with a callback do as ever; without a callback, `env.render` waits for nothing
 * @throws {ConfigError} for what is no cache or no environment, and for options that cannot be
 * @example
 * const render = nunjucksViews(cache, nunjucks, env, { holes: { csrf: visit => tokenOf(visit) } })
 * ctx.body = await render('posts.njk', { posts })
 */
export function nunjucksViews(cache: Cache, nunjucks: Nunjucks, env: NunjucksEnvironment, options?: ViewOptions): Render {
  const TemplateError = nunjucks?.lib?.TemplateError
  if (typeof TemplateError !== 'function')
    throw new ConfigError(`Expected \`nunjucks\` to be the module of that name, got ${shown(nunjucks)}`)
  if (typeof env?.addExtension !== 'function') throw new ConfigError(`Expected \`env\` to be an Environment of Nunjucks, got ${shown(env)}`)
  const { SafeString } = nunjucks.runtime
  const tags = new Tags(cache, options, 'nunjucksViews()')
  const located = (error: unknown, position: Position) =>
    error instanceof Error && !('lineno' in error) ? new TemplateError(error as never, ...position()) : error

  env.addExtension('SmartCacheFragment', {
    tags: ['cache'],
    parse(parser: Parser, nodes: Nodes) {
      const tag = parser.nextToken()
      const args = parser.parseSignature(null, true)
      parser.advanceAfterBlockEnd(tag.value)
      const from = parser.tokens.index
      const block = parser.parseUntilBlocks('endcache')
      const digest = templateDigest(parser.tokens.str.slice(from, parser.tokens.index))
      parser.advanceAfterBlockEnd()
      args.addChild(new nodes.Literal(tag.lineno, tag.colno, digest))
      args.addChild(new nodes.Literal(tag.lineno, tag.colno, POSITION))
      return new nodes.CallExtensionAsync(this, 'run', args, [block])
    },
    run(_context: unknown, ...given: unknown[]) {
      const [digest, position, block, callback] = given.slice(-4) as [string, Position, (done: Callback<string>) => void, Callback<object>]
      const [name, policy] = given.slice(0, -4) as [string, FragmentOptions?]
      const render = () =>
        new Promise<string>((resolve, reject) => {
          const done: Callback<string> = (error, html = '') => (error ? reject(located(error, position)) : resolve(html))
          try {
            block(done)
          } catch (error) {
            reject(located(error, position))
          }
        })
      const markup = tags.fragment(digest, name, policy, render).then(html => new SafeString(html))
      goOn(markup, (error, html) => callback(error === null ? null : located(error, position), html))
    },
  } as never)

  env.addExtension('SmartCacheHole', {
    tags: ['hole', 'nonce'],
    parse(parser: Parser, nodes: Nodes) {
      const tag = parser.nextToken()
      const args = parser.parseSignature(null, true)
      parser.advanceAfterBlockEnd(tag.value)
      return new nodes.CallExtension(this, tag.value, args, [])
    },
    hole: (_context: unknown, name: string) => tags.hole(name),
    nonce: () => tags.nonce(),
  } as never)

  env.addFilter('await', (value, callback) => goOn(Promise.resolve(value), callback), true)

  return renderer(
    (name, locals) =>
      new Promise((resolve, reject) => {
        env.render(name, locals, (error: unknown, html) => (error ? reject(error) : resolve(html ?? '')))
      }),
  )
}

/** Has the rest of a template run, in which Nunjucks catches nothing: it is told of its own failure. */
function goOn<Value>(made: Promise<Value>, callback: Callback<Value>): void {
  const proceed = (value: Value) => {
    try {
      callback(null, value)
    } catch (error) {
      callback(error)
    }
  }
  // Nunjucks would take a rejection with nothing for an answer.
  void made.then(proceed, (error: unknown) => callback(error ?? new Error('Rejected without an error')))
}
