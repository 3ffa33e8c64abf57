import { readFileSync } from 'node:fs'
import type { Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { checkedOptions } from '../../lib/options.js'
import { compiledOnce } from './compiled.js'
import { withHandlebarsBlocks, type Program } from './handlebars-blocks.js'
import { handlebarsHelpers } from './handlebars-helpers.js'
import { located } from './located.js'
import { renderer, type Render } from './render.js'
import { Tags, type ViewOptions } from './tags.js'

type Template = (context: object, options: object) => string

/** What is used of `handlebars`, or of what `Handlebars.create()` makes. */
export interface Handlebars {
  readonly helpers: Readonly<Record<string, unknown>>
  readonly partials: Readonly<Record<string, unknown>>
  parse(text: string, options: object): object
  compile(tree: object, options: object): Template
}

export interface HandlebarsViewOptions extends ViewOptions {
  /** What `handlebars.compile` is told besides. @default {} */
  readonly compile?: Readonly<Record<string, unknown>>
  /** What templates are told besides when they run, as `{ allowProtoPropertiesByDefault: true }`. @default {} */
  readonly runtime?: Readonly<Record<string, unknown>>
}

/**
 * An engine for templates of Handlebars that have fragments and holes: `{{#cache 'name' ttl='1h'}} … {{/cache}}`, and in it or elsewhere
 * `{{#await load}} … {{/await}}` for when what a function brings is there, which runs on a miss only; `{{hole 'name'}}` and `{{nonce}}` (unless there are
 * locals of these names); in partials that are registered as text, too.
 * @throws {ConfigError} for what is no cache or not Handlebars, for options that cannot be, and if there are helpers of these names
 * @example
 * const render = handlebarsViews(cache, Handlebars, { holes: { csrf: visit => tokenOf(visit) } })
 * app.engine('hbs', render) // Express; in Koa: ctx.body = await render('views/posts.hbs', { posts })
 */
export function handlebarsViews(cache: Cache, handlebars: Handlebars, options?: HandlebarsViewOptions): Render {
  if (typeof handlebars?.parse !== 'function')
    throw new ConfigError(`Expected \`handlebars\` to be the module of that name, got ${shown(handlebars)}`)
  const known = ['holes', 'compile', 'runtime']
  const { compile = {}, runtime = {}, ...rest } = checkedOptions(options, 'handlebarsViews()', known) as HandlebarsViewOptions
  const { helpers, decorators, placeOf, rendered } = handlebarsHelpers(new Tags(cache, rest, 'handlebarsViews()'))
  const taken = Object.keys(helpers).filter(name => name in handlebars.helpers)
  if (taken.length > 0) throw new ConfigError(`Expected \`handlebars\` to have no helper called ${taken.join(', ')}: views bring their own`)
  const knownHelpers = {
    ...Object(compile['knownHelpers']),
    ...Object.fromEntries(Object.keys(helpers).map(name => [name, true])),
  } as object
  const parsed = (text: string, name: string) => {
    try {
      return handlebars.parse(text, compile) as Program
    } catch (error) {
      throw located(error, refused => {
        refused.message = `${name}\n${refused.message}`
      })
    }
  }
  const compiled = (text: string, name: string) =>
    handlebars.compile(
      withHandlebarsBlocks(parsed(text, name), text, name, line => placeOf(name, line)),
      { ...compile, data: true, knownHelpers },
    )
  const templateOf = compiledOnce(file => compiled(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''), file))
  const partials = new Partials(compiled)
  return renderer(async (file, locals) => {
    const template = templateOf(file, locals)
    return rendered(file, data => template(locals, { ...runtime, data, helpers, decorators, partials: partials.of(handlebars.partials) }))
  })
}

/** Partials that were registered as text, compiled so that there may be blocks in them. */
class Partials {
  readonly #compile: (text: string, name: string) => Template
  readonly #kept = new Map<string, { readonly text: string; readonly template: Template }>()

  constructor(compile: (text: string, name: string) => Template) {
    this.#compile = compile
  }

  of(registered: Handlebars['partials']): Record<string, unknown> {
    return Object.fromEntries(
      Object.entries(registered).map(([name, partial]) => [name, typeof partial === 'string' ? this.#template(name, partial) : partial]),
    )
  }

  #template(name: string, text: string): Template {
    const kept = this.#kept.get(name)
    if (kept?.text === text) return kept.template
    const template = this.#compile(text, `partial ${name}`)
    this.#kept.set(name, { text, template })
    return template
  }
}
