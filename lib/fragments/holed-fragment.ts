import type { Space } from '../cache/space.js'
import { HoleCutter, HoleMarks } from '../holes/hole-marks.js'
import { hostHere, type HoleHost } from '../holes/hole-host.js'
import { Holes, NONCE, type Hole } from '../holes/holes.js'

/** What a fragment is rendered to. */
export type Rendered = string | Buffer

/** A fragment with holes as it is kept: what is around them, which is one part more than there are holes, and which they are. */
interface HoledFragment {
  readonly parts: readonly Rendered[]
  readonly holes: readonly string[]
}

const NOTHING = Buffer.alloc(0)

export function isRendered(made: unknown): made is Rendered {
  return typeof made === 'string' || Buffer.isBuffer(made)
}

/** A fragment in the making, in which there can be holes. */
export class FragmentInTheMaking implements HoleHost {
  readonly #holes: Holes
  readonly #around: HoleHost | undefined
  #marks: HoleMarks | undefined

  /** @param around what it is to become a part of, with all that is around that */
  constructor({ engine, prefix }: Space, around: HoleHost | undefined) {
    this.#holes = Holes.of(engine, prefix)
    this.#around = around
  }

  mark(hole: Hole | undefined): string {
    this.#marks ??= new HoleMarks()
    if (hole !== undefined) this.#holes.note(hole)
    return this.#marks.of(hole?.id ?? NONCE)
  }

  hasMarked(text: Rendered): boolean {
    return (this.#marks !== undefined && text.includes(this.#marks.base)) || this.hasForeignMarks(text)
  }

  /** Does a hole stand in the text that was made outside of this, however far? */
  hasForeignMarks(text: Rendered): boolean {
    return this.#around?.hasMarked(text) === true
  }

  /** What has been rendered, as it is kept: with the names of its holes, and not what stood for them this time. */
  keepable(rendered: Rendered): Rendered | HoledFragment {
    if (this.#marks === undefined) return rendered
    const parts = [NOTHING]
    const holes: string[] = []
    for (const piece of new HoleCutter(this.#marks).cut(Buffer.from(rendered), true)) {
      if (typeof piece === 'string') {
        holes.push(piece)
        parts.push(NOTHING)
      } else parts.push(Buffer.concat([parts.pop() ?? NOTHING, piece]))
    }
    if (holes.length === 0) return rendered
    return { parts: typeof rendered === 'string' ? parts.map(String) : parts, holes }
  }
}

/** Is it a fragment, and known here what fills its holes? What comes from a store may be anything. */
export function isFillable({ engine, prefix }: Space, kept: unknown): boolean {
  if (isRendered(kept)) return true
  return isHoled(kept) && Holes.of(engine, prefix).know(kept.holes.map(id => ({ id })))
}

/** What a kept fragment is in the page, or the fragment, that it becomes a part of. @throws {ConfigError} if it has holes, and there is none */
export function shownHere({ engine, prefix }: Space, kept: unknown): Rendered {
  if (isRendered(kept) || !isHoled(kept)) return kept as Rendered
  const host = hostHere(engine)
  const known = Holes.of(engine, prefix)
  // Those that have been forgotten meanwhile are left out.
  const marks = kept.holes.map(id => (known.know([{ id }]) ? host.mark(known.get(id)) : ''))
  return woven(kept.parts, marks)
}

/** What a fragment is where nothing stands in its holes. */
export function withoutHoles(kept: unknown): Rendered {
  return isRendered(kept) || !isHoled(kept) ? (kept as Rendered) : woven(kept.parts, [])
}

function woven(parts: readonly Rendered[], between: readonly string[]): Rendered {
  const pieces = parts.flatMap((part, at) => [part, between[at] ?? ''])
  return typeof parts[0] === 'string' ? pieces.join('') : Buffer.concat(pieces.map(piece => Buffer.from(piece)))
}

function isHoled(kept: unknown): kept is HoledFragment {
  const { parts, holes } = Object(kept) as { readonly parts?: unknown; readonly holes?: unknown }
  return Array.isArray(parts) && Array.isArray(holes) && parts.length === holes.length + 1 && parts.every(isRendered)
}
