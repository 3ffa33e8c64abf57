import type { Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { checkedOptions } from '../../lib/options.js'
import { compiledOnce } from './compiled.js'
import { Draft } from './draft.js'
import { located, type Teller } from './located.js'
import { BLOCKS, withPugBlocks } from './pug-blocks.js'
import { renderer, type Render } from './render.js'
import { Tags, type ViewOptions } from './tags.js'

/** What is used of `pug`. */
export interface Pug {
  compileFile(path: string, options: object): (locals: object) => string
}

export interface PugViewOptions extends ViewOptions {
  /** What `pug.compileFile` is told besides. @default {} */
  readonly compile?: Readonly<Record<string, unknown>>
}

/**
 * An engine for templates of Pug that have fragments and holes: `+cache('name', { ttl: '1h' })` with a block, and in it or elsewhere `+await(posts=load())`
 * with a block for when that is there, which runs on a miss only; `hole('name')` and `nonce()` (unless there are locals of these names); in what they include
 * or extend, too.
 * @throws {ConfigError} for what is no cache or not Pug, and for options that cannot be
 * @example
 * const render = pugViews(cache, pug, { holes: { csrf: visit => tokenOf(visit) } })
 * app.engine('pug', render) // Express; in Koa: ctx.body = await render('views/posts.pug', { posts })
 */
export function pugViews(cache: Cache, pug: Pug, options?: PugViewOptions): Render {
  if (typeof pug?.compileFile !== 'function') throw new ConfigError(`Expected \`pug\` to be the module of that name, got ${shown(pug)}`)
  const { compile = {}, ...rest } = checkedOptions(options, 'pugViews()', ['holes', 'compile']) as PugViewOptions
  const tags = new Tags(cache, rest, 'pugViews()')
  const asked = { hole: (name: string) => tags.hole(name), nonce: () => tags.nonce() }
  const blocks = { preCodeGen: (tree: never) => withPugBlocks(tree, compile['compileDebug'] !== false) }
  const plugins = [...[compile['plugins'] ?? []].flat(), blocks]
  const templateOf = compiledOnce(file => pug.compileFile(file, { ...compile, plugins, cache: false, inlineRuntimeFunctions: false }))
  return renderer(async (file, locals) => {
    const page = new PugPage(tags)
    return page.rendered(() => templateOf(file, locals)({ ...asked, ...locals, [BLOCKS]: page }))
  })
}

/** A template may say where it is, and so may what it has said then. */
type Position = (() => Teller) | undefined

/** One rendering of a template. Its blocks write into the one output that it has, one at a time, each from its beginning to its end. */
class PugPage {
  readonly #tags: Tags
  #draft = new Draft()

  constructor(tags: Tags) {
    this.#tags = tags
  }

  fragment(digest: string, [name, policy]: [string, FragmentOptions?], position: Position, draw: () => string): string {
    const render = () => this.#drawn(draw, position)
    return this.#draft.later(this.#tags.fragment(digest, name, policy, render), position?.())
  }

  awaited(values: readonly unknown[], position: Position, draw: (...values: unknown[]) => string): string {
    const made = Promise.all(values).then(known => this.#drawn(() => draw(...known), position))
    return this.#draft.later(made, position?.())
  }

  /** @param draw all of a template, or a block of it */
  rendered(draw: () => string): Promise<string> {
    const around = this.#draft
    const own = new Draft()
    this.#draft = own
    try {
      return own.settled(draw())
    } finally {
      this.#draft = around
    }
  }

  async #drawn(draw: () => string, position: Position): Promise<string> {
    try {
      return this.rendered(draw)
    } catch (error) {
      throw located(error, position?.())
    }
  }
}
