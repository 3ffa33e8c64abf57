import type { Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { checkedOptions } from '../../lib/options.js'
import { compiledOnce } from './compiled.js'
import { FRAGMENT, withBlocks } from './ejs-tags.js'
import { renderer, type Render } from './render.js'
import { Tags, type ViewOptions } from './tags.js'

type Template = (locals: object) => Promise<string>

interface CompileOptions {
  readonly async: true
  readonly filename: string
  readonly cache: boolean
  readonly includer: (path: string, resolved: string) => { readonly template: string }
}

/** What is used of `ejs`. */
export interface Ejs {
  compile(text: string, options: CompileOptions): Template
  fileLoader(path: string): { toString(): string }
}

export interface EjsViewOptions extends ViewOptions {
  /** What `ejs.compile` is told besides; the delimiters stay as they are. @default {} */
  readonly compile?: Readonly<Record<string, unknown>>
}

/**
 * An engine for templates of EJS, which are asynchronous, that have fragments and holes: `<% cache 'name', { ttl: '1h' } %> … <% endcache %>`, in which
 * `await` stands where it likes and runs on a miss only, `<%- hole('name') %>` and `<%- nonce() %>` (unless there are locals of these names); in what they include, too.
 * @throws {ConfigError} for what is no cache or not EJS, and for options that cannot be
 * @example
 * const render = ejsViews(cache, ejs, { holes: { csrf: visit => tokenOf(visit) } })
 * app.engine('ejs', render) // Express; in Koa: ctx.body = await render('views/posts.ejs', { posts })
 */
export function ejsViews(cache: Cache, ejs: Ejs, options?: EjsViewOptions): Render {
  if (typeof ejs?.compile !== 'function') throw new ConfigError(`Expected \`ejs\` to be the module of that name, got ${shown(ejs)}`)
  const { compile = {}, ...rest } = checkedOptions(options, 'ejsViews()', ['holes', 'compile']) as EjsViewOptions
  const { delimiter = '%', openDelimiter = '<', closeDelimiter = '>', localsName = 'locals' } = compile
  if (`${String(openDelimiter)}${String(delimiter)}${String(closeDelimiter)}` !== '<%>')
    throw new ConfigError('Expected `compile` to leave the delimiters of EJS as they are')
  const tags = new Tags(cache, rest, 'ejsViews()')
  const asked = { hole: (name: string) => tags.hole(name), nonce: () => tags.nonce() }
  const fragment = (digest: string, [name, policy]: [string, FragmentOptions?], block: () => Promise<string>) =>
    tags.fragment(digest, name, policy, block)
  const texts = new Map<string, string>()
  const read = (file: string) => {
    const text = ejs.fileLoader(file).toString()
    return withBlocks(text.replace(/^\uFEFF/, ''), file, String(localsName))
  }
  const reread = (file: string) => {
    const text = texts.get(file) ?? read(file)
    texts.set(file, text)
    return text
  }
  const templateOf = compiledOnce((file, keep) => {
    const textOf = keep ? reread : read
    const includer = (_: string, resolved: string) => ({ template: textOf(resolved) })
    return ejs.compile(textOf(file), { ...compile, async: true, filename: file, cache: keep, includer })
  })
  return renderer(async (file, locals) => templateOf(file, locals)({ ...asked, ...locals, [FRAGMENT]: fragment }))
}
