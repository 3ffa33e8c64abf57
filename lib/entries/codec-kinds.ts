/** What the first byte of a written value says of it. Part of the format: a number is never given a second meaning. */
export const KIND = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** A whole number; then its size. */
  integer: 4,
  negative: 5,
  /** Any other number; then eight bytes. */
  float: 6,
  /** Then its digits, hexadecimal, in the text. */
  bigint: 7,
  negativeBigint: 8,
  string: 9,
  /** An object that came before; then its number, counted in the order of their beginnings. */
  again: 10,
  array: 11,
  object: 12,
  /** An object without a prototype. */
  bare: 13,
  map: 14,
  set: 15,
  date: 16,
  buffer: 17,
  arrayBuffer: 18,
  dataView: 19,
  /** Then its place in `TYPED_ARRAYS`. */
  typedArray: 20,
} as const

type TypedArrayConstructor = new (buffer: ArrayBuffer) => NodeJS.TypedArray

/** The order is part of the format. Node has `Float16Array` from 24 on; where it is missing, an entry that has one cannot be read. */
export const TYPED_ARRAYS: readonly (TypedArrayConstructor | undefined)[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  (globalThis as { readonly Float16Array?: TypedArrayConstructor }).Float16Array,
]

/** How deep arrays, objects, Maps and Sets may lie within each other: an error of ours, before the stack ends. */
export const MOST_LEVELS = 1_000

/** What a value takes in memory at least, about; an object takes its own besides. Empty ones take that from two bytes of an envelope. */
export const VALUE_BYTES = 8
export const OBJECT_BYTES = 64

/** How the characters of all strings may be written. The order is part of the format. */
export const CHARSETS = ['latin1', 'utf8', 'utf16le'] as const
export type Charset = (typeof CHARSETS)[number]
