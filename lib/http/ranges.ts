import { randomUUID } from 'node:crypto'
import type { Asked } from './asked.js'
import { parseHttpDate } from './http-date.js'
import { fieldText } from './field-text.js'

/** A part of a body; both ends are within it. */
export interface Range {
  readonly first: number
  readonly last: number
}

/** What is sent of a body, and the fields that say so. */
export interface Slice {
  readonly status: 206 | 416
  /** Names and values in turn. */
  readonly fields: readonly string[]
  readonly body: Buffer
}

/** Ranges are read up to this number; who asks for more gets the whole (RFC 9110, 14.2). */
const MAX_RANGES = 16

/** Parts with less between them than one takes to announce are sent as one. */
const MIN_GAP = 80

/** Several parts are copied for each answer, while the whole is shared by all: beyond this many bytes it is the whole that is sent. */
const MAX_COPIED = 1024 * 1024

const SPEC = /^(?:(\d+)-(\d*)|-(\d+))$/

/**
 * The parts that a `Range` field names of a body of this many bytes (RFC 9110, 14.1.2): in order, none overlapping; empty if the body has
 * none of them. `undefined` if the field is to be ignored, for it is malformed, of another unit, or immoderate.
 */
export function rangesIn(field: string, size: number): readonly Range[] | undefined {
  const [, list] = /^bytes=(.*)$/i.exec(field) ?? []
  const specs = (list ?? '')
    .split(',')
    .map(spec => spec.trim())
    .filter(spec => spec !== '')
  if (size === 0 || specs.length === 0 || specs.length > MAX_RANGES) return undefined
  const ranges: Range[] = []
  for (const spec of specs) {
    const [, from, to, suffix] = SPEC.exec(spec) ?? []
    if (from === undefined && suffix === undefined) return undefined
    const first = from === undefined ? Math.max(0, size - Number(suffix)) : Number(from)
    const last = from === undefined || to === '' ? size - 1 : Number(to)
    if (from !== undefined && last < first && to !== '') return undefined
    if (first < size) ranges.push({ first, last: Math.min(last, size - 1) })
  }
  return merged(ranges)
}

/** Those that overlap or almost touch in one, where the first of them was asked for. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const apart: (Range & { readonly place: number })[] = []
  for (const range of ranges.map((each, place) => ({ ...each, place })).toSorted((a, b) => a.first - b.first)) {
    const before = apart.at(-1)
    if (before === undefined || range.first > before.last + MIN_GAP) apart.push(range)
    else {
      const last = Math.max(before.last, range.last)
      apart[apart.length - 1] = { first: before.first, last, place: Math.min(before.place, range.place) }
    }
  }
  return apart.toSorted((a, b) => a.place - b.place)
}

/** A representation of which a part may be asked for. */
export interface Whole {
  readonly status: number
  readonly body: Buffer
  readonly type: string | undefined
  readonly etag: string | undefined
  readonly modified: string | undefined
  /** When it was made, epoch ms. */
  readonly madeAt: number
}

/** What the visitor has asked for of the whole (RFC 9110, 14.2), or `undefined` if that is all of it. */
export function sliceAsked({ method, headers }: Asked, whole: Whole): Slice | undefined {
  const { range } = headers
  if (range === undefined || method !== 'GET' || whole.status !== 200) return undefined
  const ifRange = headers['if-range']
  if (ifRange !== undefined && !isSameStill(fieldText(ifRange), whole)) return undefined
  return sliceOf(whole, range)
}

/** May who has a part of a representation be sent another part of this one (RFC 9110, 13.1.5)? Weak validators say nothing of bytes. */
function isSameStill(ifRange: string, { etag, modified, madeAt }: Whole): boolean {
  if (ifRange.startsWith('"')) return ifRange === etag
  const changedAt = ifRange === modified ? parseHttpDate(modified, madeAt) : undefined
  // A page that changed twice in that second would have the same date (RFC 9110, 8.8.2.2).
  return changedAt !== undefined && madeAt - changedAt >= 1000
}

/** RFC 9110, 15.3.7 and 15.5.17. */
function sliceOf({ body, type }: Whole, field: string): Slice | undefined {
  const size = body.length
  const ranges = rangesIn(field, size)
  if (ranges === undefined) return undefined
  const [only, ...others] = ranges
  if (only === undefined) return { status: 416, fields: ['Content-Range', `bytes */${size}`], body: Buffer.alloc(0) }
  if (others.length === 0) {
    return { status: 206, fields: ['Content-Range', contentRange(only, size)], body: body.subarray(only.first, only.last + 1) }
  }
  if (ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0) > MAX_COPIED) return undefined
  return severalParts(body, type, ranges)
}

/** RFC 9110, 14.6. */
function severalParts(body: Buffer, type: string | undefined, ranges: readonly Range[]): Slice {
  const boundary = randomUUID()
  const about = type === undefined ? '' : `Content-Type: ${type}\r\n`
  const parts = ranges.flatMap(range => [
    Buffer.from(`\r\n--${boundary}\r\n${about}Content-Range: ${contentRange(range, body.length)}\r\n\r\n`, 'latin1'),
    body.subarray(range.first, range.last + 1),
  ])
  return {
    status: 206,
    fields: ['Content-Type', `multipart/byteranges; boundary=${boundary}`],
    body: Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  }
}

function contentRange({ first, last }: Range, size: number): string {
  return `bytes ${first}-${last}/${size}`
}
