import { bytesOf, type ByteSize } from '../bytes.js'
import { CodecError, shown } from '../errors.js'
import { checkedOptions } from '../options.js'
import { entryIn, written } from './codec-entry.js'
import { bodyBytes, PREFIX_BYTES, prefixOf, readPrefix } from './codec-prefix.js'
import { compressed, inflated } from './compression.js'
import type { Entry } from './entry.js'
import { checksum, holds, sealed, signature, type Seal } from './seal.js'

export interface CodecOptions {
  /**
   * From which size entries are compressed, if that saves at least a tenth; `'never'` for none. With zstd where Node has it (from 22.15 on),
   * else with brotli: an older Node beside it cannot read those of the newer one.
   * @default '4kb'
   */
  readonly compressFrom?: ByteSize | 'never'
  /**
   * The largest entry that is written or read, by its size before it is compressed, or by an estimate of what its values take in memory if
   * that is more (empty objects do). Nothing is inflated or made beyond it, whatever an envelope says.
   * @default '64mb'
   */
  readonly maxBytes?: ByteSize
  /**
   * Signs every envelope (HMAC-SHA-256) and reads no other: at least 16 bytes, the same in every process. Without it, whoever can write to
   * the store decides what the entries say.
   */
  readonly secret?: string | Buffer
}

/** Between entries and the envelopes in which they travel to and from a store outside of this process. */
export interface Codec {
  /** Whether it reads nothing but what it has signed. */
  readonly signs: boolean
  /**
   * The value must be what `keepable` made, or data like it.
   * @throws {CodecError} for any other value, one of more than 1,000 levels, and an entry larger than `maxBytes`
   */
  encode(entry: Entry): Buffer
  /**
   * The entry as it was, its plain data frozen deep if it is shareable; nothing for bytes that are damaged, too large, of another version,
   * with another secret or none, or no envelope at all. Never throws, and makes nothing but data.
   *
   * Compare its `key` with the one you asked for: an envelope does not know where it was kept. A large Buffer in the value is a slice of the
   * envelope, so do not write to that any more; a string is a slice of the entry's text, and keeps all of it in memory.
   */
  decode(envelope: Buffer): Entry | undefined
}

/** @throws {ConfigError} for an option that is unknown or of the wrong kind */
export function createCodec(options?: CodecOptions): Codec {
  const checked = checkedOptions(options, 'createCodec()', ['compressFrom', 'maxBytes', 'secret'])
  const { compressFrom = '4kb', maxBytes = '64mb', secret } = checked
  return new EnvelopeCodec(
    compressFrom === 'never' ? Infinity : bytesOf(compressFrom, 'compressFrom'),
    Math.min(bytesOf(maxBytes, 'maxBytes'), 0xff_ff_ff_ff),
    secret === undefined ? undefined : signature(secret),
  )
}

class EnvelopeCodec implements Codec {
  readonly #compressFrom: number
  readonly #maxBytes: number
  readonly signs: boolean
  readonly #seal: Seal

  constructor(compressFrom: number, maxBytes: number, signed: Seal | undefined) {
    this.#compressFrom = compressFrom
    this.#maxBytes = maxBytes
    this.signs = signed !== undefined
    this.#seal = signed ?? checksum
  }

  encode(entry: Entry): Buffer {
    const { pieces, memory, ...layout } = written(entry)
    const size = bodyBytes(layout)
    const largest = Math.max(size, memory)
    if (largest > this.#maxBytes) {
      throw new CodecError(`Expected an entry of at most ${this.#maxBytes} bytes, got ${largest} at ${shown(entry.key)}`)
    }
    const smaller = size < this.#compressFrom ? undefined : compressed(Buffer.concat(pieces))
    const prefix = prefixOf({ ...layout, compression: smaller?.method ?? 0, shareable: entry.shareable, signed: this.signs })
    return sealed(this.#seal, [prefix, ...(smaller === undefined ? pieces : [smaller.bytes])])
  }

  decode(envelope: Buffer): Entry | undefined {
    try {
      return this.#decode(envelope)
    } catch {
      return undefined
    }
  }

  #decode(envelope: Buffer): Entry | undefined {
    const prefix = readPrefix(envelope)
    if (prefix === undefined || prefix.signed !== this.signs || bodyBytes(prefix) > this.#maxBytes) return undefined
    if (!holds(this.#seal, envelope)) return undefined
    const size = bodyBytes(prefix)
    const body = inflated(envelope.subarray(PREFIX_BYTES, -this.#seal.size), prefix.compression, size)
    return body?.length === size ? entryIn(body, prefix, prefix.shareable, this.#maxBytes) : undefined
  }
}
