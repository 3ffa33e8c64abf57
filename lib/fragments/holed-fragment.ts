import type { Space } from '../cache/space.js'
import { ConfigError, shown } from '../errors.js'
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

/** A fragment in the making, in which there can be holes. */
export class FragmentInTheMaking implements HoleHost {
  readonly #holes: Holes
  #marks: HoleMarks | undefined

  constructor({ engine, prefix }: Space) {
    this.#holes = Holes.of(engine, prefix)
  }

  mark(hole: Hole | undefined): string {
    this.#marks ??= new HoleMarks()
    if (hole !== undefined) this.#holes.note(hole)
    return this.#marks.of(hole?.id ?? NONCE)
  }

  hasMarked(text: Rendered): boolean {
    return this.#marks !== undefined && text.includes(this.#marks.base)
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
    return { parts: typeof rendered === 'string' ? parts.map(String) : parts, holes }
  }
}

/** Is it known here what fills the holes of a kept fragment? */
export function isFillable({ engine, prefix }: Space, kept: unknown): boolean {
  return !isHoled(kept) || Holes.of(engine, prefix).know(kept.holes.map(id => ({ id })))
}

/** What a kept fragment is in the page, or the fragment, that it becomes a part of. @throws {ConfigError} if it has holes, and there is none */
export function shownHere({ engine, prefix }: Space, kept: unknown): Rendered {
  if (!isHoled(kept)) return kept as Rendered
  const host = hostHere(engine)
  const known = Holes.of(engine, prefix)
  const marks = kept.holes.map(id => (known.know([{ id }]) ? host.mark(known.get(id)) : ''))
  const pieces = kept.parts.flatMap((part, at) => [part, marks[at] ?? ''])
  return typeof kept.parts[0] === 'string' ? pieces.join('') : Buffer.concat(pieces.map(piece => Buffer.from(piece)))
}

/** What a fragment is where nothing stands in its holes. */
export function withoutHoles(kept: unknown): Rendered {
  if (!isHoled(kept)) return kept as Rendered
  return typeof kept.parts[0] === 'string' ? kept.parts.join('') : Buffer.concat(kept.parts.map(part => Buffer.from(part)))
}

/** @throws {ConfigError} for a fragment in which a hole of what is around it stands: in the next page it would be of nobody */
export function refuseForeignHoles(name: string, rendered: Rendered, around: HoleHost | undefined): void {
  if (around?.hasMarked(rendered) !== true) return
  throw new ConfigError(
    `The fragment ${shown(name)} has a hole that was made outside of it: call hole() in the function that renders the fragment`,
  )
}

function isHoled(kept: unknown): kept is HoledFragment {
  return typeof kept === 'object' && !Buffer.isBuffer(kept)
}
