import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { ConfigError } from '../errors.js'

/** What stands at the end of an envelope and says that nothing in it has changed. */
export interface Seal {
  readonly size: number
  /** Of all these bytes. */
  of(bytes: Uint8Array): Buffer
  /** Whether it is what stands in the envelope from `end` on, of all that is before. */
  stands(envelope: Buffer, end: number): boolean
}

/** Notices accidents: every single flipped bit, and all but one in four billion of other changes. Anybody can make it. */
export const checksum: Seal = {
  size: 4,
  of(bytes) {
    const sum = Buffer.allocUnsafe(4)
    sum.writeUInt32LE(crc32(bytes))
    return sum
  },
  stands: (envelope, end) => crc32(envelope.subarray(0, end)) === envelope.readUInt32LE(end),
}

/**
 * HMAC-SHA-256: only who has the secret can make it.
 * @throws {ConfigError} for anything but a string or Buffer of at least 16 bytes; the message does not tell the secret
 */
export function signature(secret: unknown): Seal {
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret
  if (!(bytes instanceof Uint8Array) || bytes.length < 16) {
    throw new ConfigError('Expected `secret` to be a string or a Buffer of at least 16 bytes')
  }
  const key = createSecretKey(bytes)
  const of = (signed: Uint8Array) => createHmac('sha256', key).update(signed).digest()
  return { size: 32, of, stands: (envelope, end) => timingSafeEqual(of(envelope.subarray(0, end)), envelope.subarray(end)) }
}

/** All these pieces in one, and the seal of them at its end. */
export function sealed(seal: Seal, pieces: readonly Uint8Array[]): Buffer {
  const envelope = Buffer.concat([...pieces, new Uint8Array(seal.size)])
  const end = envelope.length - seal.size
  envelope.set(seal.of(envelope.subarray(0, end)), end)
  return envelope
}

/** Whether an envelope ends in the seal of all that is before. */
export function holds(seal: Seal, envelope: Buffer): boolean {
  const end = envelope.length - seal.size
  return end >= 0 && seal.stands(envelope, end)
}
