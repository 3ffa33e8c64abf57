import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { Draft } from './draft.js'
import { BLOCK, PLACES } from './handlebars-blocks.js'
import { located, type Teller } from './located.js'
import type { Tags } from './tags.js'

/** What templates have as `@name`. A loop changes its own in each round. */
interface Frame extends Readonly<Record<string, unknown>> {
  readonly _parent?: Frame
}

type Render = (context: unknown, options: { readonly data: Frame; readonly blockParams?: readonly unknown[] }) => string

interface Block {
  readonly draw: Render
  readonly digest: string
}

interface HelperOptions {
  readonly fn?: Render & { readonly digest?: string }
  readonly hash: Readonly<Record<string, unknown>>
  readonly data: Frame
}

type Helper = (this: unknown, ...given: unknown[]) => unknown

/** The draft that a block is in. */
const DRAFT = 'smartCacheDraft'

export interface HandlebarsHelpers {
  readonly helpers: Readonly<Record<string, Helper>>
  readonly decorators: Readonly<Record<string, unknown>>
  /** What a template asks for on a line, so that errors say that they come from there. */
  placeOf(name: string, line: number): string
  /** @param draw renders the template called `name` with these data */
  rendered(name: string, draw: (data: Frame) => string): Promise<string>
}

/** Helpers that know nothing of one rendering: Handlebars keeps those of its last one for all blocks of a template. */
export function handlebarsHelpers(tags: Tags): HandlebarsHelpers {
  let place = ''
  const places: object = Object.create(null)
  const placeOf = (name: string, line: number) => {
    const asked = `${name}:${line}`
    // Nothing that a template could do costs less.
    const get = () => {
      place = asked
    }
    if (!(asked in places)) Object.defineProperty(places, asked, { get })
    return asked
  }
  const teller = (): Teller => {
    const told = place
    return error => {
      error.message = `${told}\n\n${error.message}`
    }
  }
  const drawn = async (data: Frame, draw: (data: Frame) => string): Promise<string> => {
    const draft = new Draft()
    try {
      return draft.settled(draw({ ...data, [DRAFT]: draft }))
    } catch (error) {
      throw located(error, teller())
    }
  }
  const later = ({ [DRAFT]: draft }: Frame, block: Promise<string>) => (draft as Draft).later(block, teller())
  const helpers: Record<string, Helper> = {
    cache(...given) {
      const { fn, hash, data } = given.pop() as HelperOptions
      const [name, policy = {}, ...more] = given
      if (Object(policy) !== policy || more.length > 0)
        throw new ConfigError(`Expected \`cache\` to have a name and options, {{#cache 'name' ttl='1h'}}, got ${shown(given)}`)
      const { draw, digest } = checkedBlock(fn, 'cache')
      const options: { vary?: unknown; tags?: unknown } = { ...(policy as FragmentOptions), ...hash }
      if ('vary' in hash) options.vary = listOf(hash['vary'])
      if ('tags' in hash) options.tags = listOf(hash['tags'])
      const frame = copied(data)
      const render = () => drawn(frame, own => draw(this, { data: own }))
      return later(data, tags.fragment(digest, name as string, options as FragmentOptions, render))
    },
    await(...given) {
      const { fn, data } = given.pop() as HelperOptions
      const [asked, ...args] = given
      if (typeof asked !== 'function' && args.length > 0)
        throw new ConfigError(`Expected \`await\` to have a promise, or a function and what it is given, got ${shown(given)}`)
      const { draw } = checkedBlock(fn, 'await')
      const frame = copied(data)
      const made = Promise.resolve<unknown>(typeof asked === 'function' ? asked.apply(this, args) : asked)
      return later(
        data,
        made.then(value => drawn(frame, own => draw(value, { data: own, blockParams: [value] }))),
      )
    },
    hole: localOr('hole', name => tags.hole(name as string)),
    nonce: localOr('nonce', () => tags.nonce()),
  }
  const rendered = (name: string, draw: (data: Frame) => string) => {
    place = name
    return drawn({ [PLACES]: places }, draw)
  }
  return { helpers, decorators: { [BLOCK]: keepPartials }, placeOf, rendered }
}

/** @throws {ConfigError} for what is no block, and for one that Handlebars has compiled by itself */
function checkedBlock(fn: HelperOptions['fn'], name: string): Block {
  if (fn === undefined) throw new ConfigError(`Expected \`${name}\` to be a block, {{#${name} …}} … {{/${name}}}`)
  const { digest } = fn
  if (digest === undefined) throw new ConfigError(`Expected a partial with {{#${name}}} to be registered as text, got one that is compiled`)
  return { draw: fn, digest }
}

/** Helpers go before locals in Handlebars; these do not. */
function localOr(name: string, helper: (...given: unknown[]) => string): Helper {
  return function (...given) {
    const { data } = given.at(-1) as HelperOptions
    const root = Object(data['root']) as Record<string, unknown>
    if (!Object.hasOwn(root, name)) return helper(...given)
    const local = root[name]
    return typeof local === 'function' ? (local.apply(this, given) as unknown) : local
  }
}

/** One thing may stand for a list of it: Handlebars has no lists of its own. */
function listOf(given: unknown): unknown {
  return Array.isArray(given) ? given : [given]
}

/** As it is now, also in what encloses it. */
function copied(frame: Frame): Frame {
  return frame._parent === undefined ? { ...frame } : { ...frame, _parent: copied(frame._parent) }
}

/** A block that is rendered later has the partials that were there where it stands, inline ones too. */
function keepPartials(
  draw: Render,
  own: { digest?: unknown },
  container: { partials: unknown },
  { args }: { readonly args: readonly unknown[] },
): Render {
  own.digest = args[0]
  const { partials } = container
  return (context, options) => {
    const others = container.partials
    container.partials = partials
    try {
      return draw(context, options)
    } finally {
      container.partials = others
    }
  }
}
