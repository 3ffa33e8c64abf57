import * as zlib from 'node:zlib'

/** Node has it from 22.15 on. */
interface Zstd {
  zstdCompressSync(bytes: Uint8Array): Buffer
  zstdDecompressSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Buffer
}

interface Method {
  compress(bytes: Uint8Array): Buffer
  inflate(bytes: Uint8Array, maxOutputLength: number): Buffer
}

const { zstdCompressSync, zstdDecompressSync } = zlib as Partial<Zstd>

const zstd: Method | undefined = zstdCompressSync &&
  zstdDecompressSync && {
    compress: bytes => zstdCompressSync(bytes),
    inflate: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
  }

/** Quality 1 takes less than half the time of 4, and leaves a sixth more; gzip takes longer, and leaves more. */
const brotli: Method = {
  compress: bytes => zlib.brotliCompressSync(bytes, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } }),
  inflate: (bytes, maxOutputLength) => zlib.brotliDecompressSync(bytes, { maxOutputLength }),
}

/** By their number in the format. */
const METHODS: readonly (Method | undefined)[] = [undefined, brotli, zstd]
const UNCOMPRESSED = 0

export interface Compressed {
  readonly method: number
  readonly bytes: Buffer
}

/** With the best method that this Node has; nothing if that saves less than a tenth. */
export function compressed(bytes: Uint8Array): Compressed | undefined {
  const method = METHODS.findLastIndex(known => known !== undefined)
  const smaller = METHODS[method]?.compress(bytes)
  return smaller !== undefined && smaller.length <= 0.9 * bytes.length ? { method, bytes: smaller } : undefined
}

/**
 * The bytes themselves if they are not compressed; nothing if this Node does not have the method. Makes no more than `size` bytes.
 * @throws if there are more, or the bytes are no such stream
 */
export function inflated(bytes: Buffer, method: number, size: number): Buffer | undefined {
  return method === UNCOMPRESSED ? bytes : METHODS[method]?.inflate(bytes, size)
}
