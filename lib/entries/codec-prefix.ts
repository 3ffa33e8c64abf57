import { CHARSETS, type Charset } from './codec-kinds.js'

/** Where in a body which part of it is, before it is compressed: one after the other. */
export interface Layout {
  readonly structureBytes: number
  readonly textBytes: number
  readonly rawBytes: number
  /** How the text is written. */
  readonly charset: Charset
}

/** How an envelope begins: what is needed to check, inflate and read the rest. */
export interface Prefix extends Layout {
  /** By which method the body is compressed; 0 is none. */
  readonly compression: number
  readonly shareable: boolean
  /** Whether it ends in a signature, not in a checksum. */
  readonly signed: boolean
}

export const PREFIX_BYTES = 17

/** A byte that begins no text, two letters, and the version of the format. */
const BEGINNING = 0x8f_53_43_01

/** Beginning (4 bytes), flags (1: compression in 2 bits, charset in 2, shareable, signed), bytes of structure, text, raw (4 each). */
export function prefixOf(prefix: Prefix): Buffer {
  const bytes = Buffer.allocUnsafe(PREFIX_BYTES)
  bytes.writeUInt32BE(BEGINNING, 0)
  bytes.writeUInt8(flagsOf(prefix), 4)
  bytes.writeUInt32LE(prefix.structureBytes, 5)
  bytes.writeUInt32LE(prefix.textBytes, 9)
  bytes.writeUInt32LE(prefix.rawBytes, 13)
  return bytes
}

/** Nothing if the bytes begin in any other way than an envelope of this version. */
export function readPrefix(envelope: Buffer): Prefix | undefined {
  if (envelope.length < PREFIX_BYTES || envelope.readUInt32BE(0) !== BEGINNING) return undefined
  const flags = envelope.readUInt8(4)
  const charset = CHARSETS[(flags >> 2) & 0b11]
  if (flags > 0b111111 || charset === undefined) return undefined
  return {
    compression: flags & 0b11,
    charset,
    shareable: (flags & 0b10000) !== 0,
    signed: (flags & 0b100000) !== 0,
    structureBytes: envelope.readUInt32LE(5),
    textBytes: envelope.readUInt32LE(9),
    rawBytes: envelope.readUInt32LE(13),
  }
}

export function bodyBytes({ structureBytes, textBytes, rawBytes }: Layout): number {
  return structureBytes + textBytes + rawBytes
}

function flagsOf({ compression, charset, shareable, signed }: Prefix): number {
  return compression | (CHARSETS.indexOf(charset) << 2) | (Number(shareable) << 4) | (Number(signed) << 5)
}
