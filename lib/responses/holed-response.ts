import type { ServerResponse } from 'node:http'
import { entityTag } from '../http/entity-tag.js'
import { HoleCutter, HoleMarks } from '../holes/hole-marks.js'
import { NONCE, type Filling, type Hole, type HolePlace, type Holes } from '../holes/holes.js'

/** A response in the making that has holes: what is kept of it, and what its own visitor gets. */
export class HoledResponse {
  /** Whether the page goes by a validator that leaves the holes out. */
  readonly masked: boolean
  /** Tells whoever waits to write more that it is welcome. */
  readonly drained: () => void
  /** Resolves when its holes are being filled. */
  readonly filled: Promise<void>
  #fill: () => void = () => {}
  readonly #holes: Holes
  readonly #visit: unknown
  readonly #made = new Map<string, Hole>()
  readonly #fillings = new Map<string, Filling>()
  readonly #marks = new HoleMarks()
  readonly #body = this.body()
  #begun = false

  /** @param visit `undefined` for one whom nobody waits for: its holes stay empty */
  constructor(holes: Holes, visit: unknown, masked: boolean, drained: () => void) {
    this.#holes = holes
    this.#visit = visit
    this.masked = masked
    this.drained = drained
    this.filled = new Promise(resolve => {
      this.#fill = resolve
    })
  }

  /** Has its head been made ready, so that no more holes can be made, and somebody has its body in hand? */
  get begun(): boolean {
    return this.#begun
  }

  /** The nonce of this answer, if it has one; its own mark. */
  get nonce(): string | undefined {
    return this.#fillings.has(NONCE) ? this.#marks.of(NONCE) : undefined
  }

  /** What is to stand in the body where the hole is. */
  mark(hole: Hole): string {
    this.#made.set(hole.id, hole)
    return this.#marks.of(hole.id)
  }

  /** Do its marks stand in the text? */
  hasMarked(text: string | Buffer): boolean {
    return text.includes(this.#marks.base)
  }

  /** The same for the nonce, which may stand in the head as well. */
  markNonce(): string {
    const nonce = this.#marks.of(NONCE)
    this.#fillings.set(NONCE, Buffer.from(nonce))
    return nonce
  }

  /**
   * The head is about to leave: what is said there of the whole body is taken away.
   * @param whole the body with its marks, if all of it is known
   * @returns the body that may be kept
   */
  begin(response: ServerResponse, whole: Buffer | undefined): HoledBody {
    this.#begun = true
    const made = response.getHeader('etag')
    // Express makes one of the bytes that it is given.
    const frameworks = whole !== undefined && typeof made === 'string' && made.replace(/^W\//, '') === entityTag(whole)
    for (const name of ['content-length', 'accept-ranges', 'content-md5', 'content-digest', 'digest']) response.removeHeader(name)
    if (!this.masked || frameworks) response.removeHeader('etag')
    else if (typeof made === 'string' && made.startsWith('"')) response.setHeader('ETag', `W/${made}`)
    if (!this.masked) response.removeHeader('last-modified')
    return this.#body
  }

  /** Where there are holes in the body that may be kept. */
  get places(): readonly HolePlace[] {
    return this.#body.places
  }

  /** Begins to fill the holes, which is no longer the handler's doing; again, those that have come since. */
  fill(): void {
    this.#fill()
    if (this.#visit === undefined) return
    for (const [id, hole] of this.#made) if (!this.#fillings.has(id)) this.#fillings.set(id, this.#holes.filling(hole, this.#visit))
  }

  /** A body that is written for it; holes are filled in the order in which they stand there. */
  body(): HoledBody {
    return new HoledBody(this.#marks, id => this.#fillings.get(id))
  }
}

/** A body with holes, as it comes. */
export class HoledBody {
  /** Where in what came so far, marks left out, there are holes. */
  readonly places: HolePlace[] = []
  readonly #cutter: HoleCutter
  readonly #fillingOf: (id: string) => Filling | undefined
  #length = 0

  constructor(marks: HoleMarks, fillingOf: (id: string) => Filling | undefined) {
    this.#cutter = new HoleCutter(marks)
    this.#fillingOf = fillingOf
  }

  /** What comes next: as it is kept, and as its visitor gets it. */
  next(bytes: Buffer, last: boolean): { readonly kept: readonly Buffer[]; readonly sent: readonly Filling[] } {
    const kept: Buffer[] = []
    const sent: Filling[] = []
    for (const piece of this.#cutter.cut(bytes, last)) {
      if (typeof piece === 'string') {
        this.places.push({ at: this.#length, id: piece })
        const filling = this.#fillingOf(piece)
        if (filling !== undefined) sent.push(filling)
      } else {
        this.#length += piece.length
        kept.push(piece)
        sent.push(piece)
      }
    }
    return { kept, sent }
  }
}

const responses = new WeakMap<ServerResponse, HoledResponse>()

/** The holes of a response, if any have been made. */
export function holedOf(response: ServerResponse): HoledResponse | undefined {
  return responses.get(response)
}

/** Notes that the response has holes. */
export function holeResponse(response: ServerResponse, holed: HoledResponse): void {
  responses.set(response, holed)
}
