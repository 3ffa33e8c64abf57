import { promisify } from 'node:util'
import * as zlib from 'node:zlib'

/** A content coding that pages are encoded in (RFC 9110, 8.4.1). */
export type Coding = 'br' | 'zstd' | 'gzip'

/** Node has it from 22.15 on. */
interface Zstd {
  zstdCompress(bytes: Uint8Array, done: (error: Error | null, encoded: Buffer) => void): void
}

const { zstdCompress } = zlib as Partial<Zstd>
const brotli = promisify<Uint8Array, zlib.BrotliOptions, Buffer>(zlib.brotliCompress)
const gzip = promisify<Uint8Array, Buffer>(zlib.gzip)
const zstd = zstdCompress && promisify(zstdCompress)

/** Made once and sent often, so better than what is made for each answer; 11 would take fifty times as long as 5. */
const BROTLI_QUALITY = 5

const ENCODERS: Readonly<Record<Coding, ((bytes: Uint8Array) => Promise<Buffer>) | undefined>> = {
  br: bytes =>
    brotli(bytes, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  zstd,
  gzip,
}

/** All that are known, the best first. */
export const CODINGS = Object.keys(ENCODERS) as readonly Coding[]

/** Does this Node have it? */
export function isAtHand(coding: Coding): boolean {
  return ENCODERS[coding] !== undefined
}

/** Encodes on another thread. */
export async function encoded(bytes: Buffer, coding: Coding): Promise<Buffer> {
  const encode = ENCODERS[coding]
  if (encode === undefined) throw new TypeError(`This version of Node has no ${coding}`)
  return encode(bytes)
}
