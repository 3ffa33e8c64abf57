import { checkedCache, inside, type Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import type { FragmentOptions } from '../../lib/fragments/fragment-policy.js'
import { expectHoles, hostHere } from '../../lib/holes/hole-host.js'
import type { AnyVisit, AskedHole, HoleFiller, HoleOptions } from '../../lib/holes/hole-options.js'
import { checkedHole, Holes, type Hole } from '../../lib/holes/holes.js'
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
  readonly #holes: ReadonlyMap<string, Hole>

  /** @throws {ConfigError} for what is no cache, and for options that cannot be */
  constructor(cache: Cache, options: ViewOptions | undefined, door: string) {
    this.#cache = checkedCache(cache)
    const { holes = {} } = checkedOptions(options, door, ['holes'])
    if (typeof holes !== 'object' || holes === null) throw new ConfigError(`Expected \`holes\` to be holes by name, got ${shown(holes)}`)
    this.#holes = new Map(Object.entries(holes as Record<string, ViewHole>).map(([name, hole]) => [name, checkedHole(asked(name, hole))]))
    if (this.#holes.size > 0) this.#declare()
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
    return hostHere(inside(this.#cache).engine).mark(hole)
  }

  nonce(): string {
    return this.#cache.nonce()
  }

  /** Pages that others have kept can be filled from the start, and templates of pages that nobody keeps have holes as well. */
  #declare(): void {
    const { engine, prefix } = inside(this.#cache)
    const known = Holes.of(engine, prefix)
    for (const hole of this.#holes.values()) known.note(hole)
    expectHoles(engine)
  }
}

function asked(name: string, hole: ViewHole): AskedHole {
  if (typeof hole !== 'object' || hole === null) return { name, fill: hole, options: undefined }
  const { fill, ...options } = hole
  return { name, fill, options }
}
