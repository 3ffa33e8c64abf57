import type { Charset } from './codec-kinds.js'
import type { Layout } from './codec-prefix.js'
import { Reader } from './codec-reader.js'
import { Writer } from './codec-writer.js'
import type { Entry } from './entry.js'
import { isWellFormed } from '../keys/names.js'

/** An entry in pieces, which make the body of an envelope when they are put together. */
export interface Written extends Layout {
  readonly pieces: readonly Uint8Array[]
  /** What its values will take in memory, without their characters and bytes. */
  readonly memory: number
}

/** @throws {CodecError} for a value that cannot be written */
export function written(entry: Entry): Written {
  const writer = new Writer()
  writer.string(entry.key)
  writer.count(entry.tags.length)
  for (const tag of entry.tags) writer.string(tag)
  for (const number of [entry.createdAt, entry.loadMs, entry.graceMs, entry.staleIfErrorMs, entry.bytes, entry.staleAt, entry.position]) {
    writer.float(number)
  }
  writer.value(entry.value)
  const { structure, text, raw, memory } = writer
  const charset = charsetOf(text)
  const characters = Buffer.from(text, charset)
  return {
    pieces: [structure, characters, ...raw],
    memory,
    structureBytes: structure.length,
    textBytes: characters.length,
    rawBytes: raw.reduce((sum, { length }) => sum + length, 0),
    charset,
  }
}

/** @throws for a body that cannot have been made from what `written` gives, or needs more `memory` */
export function entryIn(body: Buffer, { structureBytes, textBytes, charset }: Layout, shareable: boolean, memory: number): Entry {
  const textEnd = structureBytes + textBytes
  const text = body.toString(charset, structureBytes, textEnd)
  const parts = { structure: body.subarray(0, structureBytes), text, raw: body.subarray(textEnd) }
  const reader = new Reader(parts, shareable, memory)
  // In the order in which they were written.
  const entry = {
    key: reader.string(),
    tags: tagsIn(reader),
    createdAt: reader.number(),
    loadMs: reader.number(),
    graceMs: reader.number(),
    staleIfErrorMs: reader.number(),
    bytes: reader.number(),
    staleAt: reader.number(),
    position: reader.number(),
    value: reader.value(),
    shareable,
    hits: 0,
    attached: undefined,
    name: undefined,
  }
  reader.end()
  return entry
}

function tagsIn(reader: Reader): string[] {
  const tags: string[] = []
  for (let left = reader.count(); left > 0; left--) tags.push(reader.string())
  return tags
}

/** UTF-8 has no place for half of a surrogate pair, which a string may have. */
function charsetOf(text: string): Charset {
  if (Buffer.byteLength(text) === text.length) return 'latin1'
  return isWellFormed(text) ? 'utf8' : 'utf16le'
}
