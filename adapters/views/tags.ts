import type { HoleFiller, HoleOptions, AnyVisit } from '../../lib/cache/hole-makers.js'
import { checkedCache, type Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { checkedOptions } from '../../lib/options.js'

/** A hole that templates may have: what fills it, or that with its options. */
export type ViewHole = HoleFiller<AnyVisit> | (HoleOptions & { readonly fill: HoleFiller<AnyVisit> })

export interface ViewOptions {
  /**
   * The holes that templates may have, by name. They are said here and not in a template, for what fills one must not be of one request.
   * @default none
   */
  readonly holes?: Readonly<Record<string, ViewHole>>
}

/** What a template asks for, whatever it is written in. */
export class Tags {
  readonly #cache: Cache
  readonly #holes: ReadonlyMap<string, ViewHole>

  /** @throws {ConfigError} for what is no cache, and for options that cannot be */
  constructor(cache: Cache, options: ViewOptions | undefined, door: string) {
    this.#cache = checkedCache(cache)
    const { holes = {} } = checkedOptions(options, door, ['holes'])
    if (typeof holes !== 'object' || holes === null) throw new ConfigError(`Expected \`holes\` to be holes by name, got ${shown(holes)}`)
    this.#holes = new Map(Object.entries(holes as Record<string, ViewHole>))
  }

  /** @param digest of the text of the template between the tags */
  fragment(digest: string, name: string, options: FragmentOptions | undefined, render: () => Promise<string>): Promise<string> {
    const template = options?.template === undefined ? digest : [digest, ...[options.template].flat()]
    return this.#cache.fragment(name, { ...options, template }, render)
  }

  /** @throws {ConfigError} for a name that was not given, and as `cache.hole` */
  hole(name: string): string {
    const hole = this.#holes.get(name)
    if (hole === undefined)
      throw new ConfigError(`Expected a hole of ${[...this.#holes.keys()].join(', ') || '`holes`'}, got ${shown(name)}`)
    if (typeof hole === 'function') return this.#cache.hole(name, hole)
    const { fill, ...options } = hole
    return this.#cache.hole(name, fill, options)
  }

  nonce(): string {
    return this.#cache.nonce()
  }
}
