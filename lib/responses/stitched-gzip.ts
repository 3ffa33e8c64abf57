import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import type { PagePart } from './form.js'

const deflated = promisify<Uint8Array, { finishFlush: number }, Buffer>(deflateRaw)

/** RFC 1952, 2.3: deflate, no name, no time, of an unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** The last block of a deflate stream, with nothing in it. */
const LAST_BLOCK = Buffer.from([0x03, 0x00])
/** How much a block of deflate that is not compressed can hold (RFC 1951, 3.2.4). */
const MAX_STORED = 0xff_ff

/** A part of a gzip stream that can stand in any: it ends at the border of a byte, and refers to nothing before it. */
export async function deflatedPart(bytes: Buffer): Promise<Buffer> {
  return bytes.length === 0 ? bytes : deflated(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}

/**
 * One gzip stream, of parts that were deflated before and bytes between them that are stored as they are. So nothing can be learnt of a secret among
 * those from how long the stream is.
 */
export class StitchedGzip {
  #checksum = 0
  #length = 0

  begin(): Buffer {
    return HEADER
  }

  part({ plain, sent }: PagePart): Buffer {
    this.#count(plain)
    return sent
  }

  hole(bytes: Buffer): Buffer {
    this.#count(bytes)
    const blocks: Buffer[] = []
    for (let at = 0; at < bytes.length; at += MAX_STORED) {
      const block = bytes.subarray(at, at + MAX_STORED)
      const head = Buffer.alloc(5)
      head.writeUInt16LE(block.length, 1)
      head.writeUInt16LE(block.length ^ 0xff_ff, 3)
      blocks.push(head, block)
    }
    return Buffer.concat(blocks)
  }

  end(): Buffer {
    const trailer = Buffer.alloc(8)
    trailer.writeUInt32LE(this.#checksum, 0)
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4)
    return Buffer.concat([LAST_BLOCK, trailer])
  }

  #count(bytes: Buffer): void {
    this.#checksum = crc32(bytes, this.#checksum)
    this.#length += bytes.length
  }
}
