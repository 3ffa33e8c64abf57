import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Form, PagePart } from './form.js'
import type { Filling, Holes } from '../holes/holes.js'
import { StitchedGzip } from './stitched-gzip.js'

/** A kept page with its holes filled for one visitor. */
interface Filled {
  /** All of it, if everything that fills it was at hand; else what comes in order, as fast as it is read. */
  readonly body: Buffer | readonly Buffer[] | Readable
  /** Its bytes, if they are known. */
  readonly length: number | undefined
  readonly nonce: string
}

/** What fills the holes of a page for a visitor, in their order; all are begun at once. For an answer to HEAD there is none. */
export interface Begun {
  readonly nonce: string
  readonly fillings: readonly Filling[] | undefined
}

export function beginFilling({ page: { holes: places = [] } }: Form, holes: Holes, visit: unknown, method: string | undefined): Begun {
  const nonce = randomBytes(16).toString('base64url')
  if (method === 'HEAD') return { nonce, fillings: undefined }
  const fillings = holes.fillings(places, nonce, visit)
  return { nonce, fillings: places.map(({ id }) => fillings.get(id) ?? NOTHING) }
}

export function isAtHand({ fillings = [] }: Begun): boolean {
  return fillings.every(filling => Buffer.isBuffer(filling))
}

/**
 * The same with what is there when whatever can go on has gone on: mostly all, for which one write will do. Nobody waits longer than for one turn of
 * the event loop.
 */
export async function filledSoon({ nonce, fillings = [] }: Begun): Promise<Begun> {
  const now = [...fillings]
  const pending = fillings.map(async (filling, at) => {
    now[at] = await filling
  })
  await Promise.race([Promise.all(pending), new Promise(resolve => setImmediate(resolve))])
  return { nonce, fillings: [...now] }
}

/** The page with its holes filled. */
export function filled({ coding, parts }: Form, { nonce, fillings }: Begun): Filled {
  if (fillings === undefined) return { body: Readable.from([]), length: undefined, nonce }
  const frame = coding === undefined ? PLAIN : new StitchedGzip()
  const atHand = fillings.filter(filling => Buffer.isBuffer(filling))
  if (atHand.length !== fillings.length)
    return { body: Readable.from(wovenInTime(parts, fillings, frame), { objectMode: false }), length: undefined, nonce }
  const pieces = woven(parts, atHand, frame)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return { body: length > MAX_COPIED ? pieces : Buffer.concat(pieces, length), length, nonce }
}

/** Up to this many bytes copying them costs less than handing them to the socket one by one. */
const MAX_COPIED = 16_384

/** How the parts of a page, and what fills the holes between them, become the bytes of one coding. */
interface Frame {
  begin(): Buffer
  part(part: PagePart): Buffer
  hole(bytes: Buffer): Buffer
  end(): Buffer
}

const NOTHING = Buffer.alloc(0)
const PLAIN: Frame = { begin: () => NOTHING, part: ({ sent }) => sent, hole: bytes => bytes, end: () => NOTHING }

/** There is one part more than there are holes. */
function woven(parts: readonly PagePart[], fillings: readonly Buffer[], frame: Frame): readonly Buffer[] {
  const pieces = [frame.begin()]
  for (const [place, part] of parts.entries()) {
    const filling = fillings[place]
    pieces.push(frame.part(part))
    if (filling !== undefined) pieces.push(frame.hole(filling))
  }
  return [...pieces, frame.end()].filter(piece => piece.length > 0)
}

async function* wovenInTime(parts: readonly PagePart[], fillings: readonly Filling[], frame: Frame): AsyncGenerator<Buffer> {
  yield frame.begin()
  for (const [place, part] of parts.entries()) {
    const filling = fillings[place]
    yield frame.part(part)
    if (filling !== undefined) yield frame.hole(await filling)
  }
  yield frame.end()
}
