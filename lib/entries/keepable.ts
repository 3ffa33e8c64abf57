import { CodecError, shown } from '../errors.js'

/** A value made ready to be kept: nobody outside holds it, and it cannot change. */
export interface Keepable {
  readonly value: unknown
  /** An estimate of its size in memory. */
  readonly bytes: number
  /** Whether every reader may be handed `value` itself: it is a primitive, or plain data frozen through and through. */
  readonly shareable: boolean
}

/**
 * A copy of `value` that is safe to keep. Primitives, arrays and plain objects are copied and frozen deep, once, so that a hit copies
 * nothing; Date, Map, Set, Buffer, ArrayBuffer and typed arrays cannot be frozen, so each reader is to be given a copy (`handedOut`).
 * @throws {CodecError} saying where, for functions, symbols and instances of other classes, also of those that extend one of these.
 */
export function keepable(value: unknown): Keepable {
  const copier = new Copier(true)
  const copy = copier.copy(value, '')
  return { value: copy, bytes: copier.bytes, shareable: copier.frozen }
}

/** A reader's own copy of a kept value that is not shareable: it may change it, and nothing kept changes. */
export function handedOut(kept: unknown): unknown {
  // Mostly it is bytes, and there is nothing in it to be looked through.
  const leaf = typeof kept === 'object' && kept !== null ? copiedLeaf(kept, Object.getPrototypeOf(kept)) : undefined
  return leaf ?? new Copier(false).copy(kept, '')
}

class Copier {
  readonly #freeze: boolean
  readonly #copies = new Map<object, object>()
  bytes = 0
  frozen = true

  constructor(freeze: boolean) {
    this.#freeze = freeze
  }

  copy(value: unknown, path: string): unknown {
    if (typeof value === 'function' || typeof value === 'symbol') throw unkeepable(shown(value), path)
    if (typeof value === 'string') this.bytes += 2 * value.length
    this.bytes += 8
    return typeof value === 'object' && value !== null ? (this.#copies.get(value) ?? this.#copyObject(value, path)) : value
  }

  #copyObject(value: object, path: string): object {
    this.bytes += 24
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Array.prototype) return this.#copyArray(value as unknown[], path)
    if (prototype === Object.prototype || prototype === null) return this.#copyPlain(value, prototype, path)
    this.frozen = false
    if (prototype === Map.prototype) return this.#copyMap(value as Map<unknown, unknown>, path)
    if (prototype === Set.prototype) return this.#copySet(value as Set<unknown>, path)
    const copy = copiedLeaf(value, prototype)
    if (copy === undefined) throw unkeepable(shown(value), path)
    this.bytes += ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : 8
    this.#copies.set(value, copy)
    return copy
  }

  #copyArray(array: readonly unknown[], path: string): unknown[] {
    return this.#filled(array, [] as unknown[], copy => {
      for (const [index, item] of array.entries()) copy.push(this.copy(item, `${path}[${index}]`))
    })
  }

  #copyPlain(value: object, prototype: object | null, path: string): object {
    if (Object.getOwnPropertySymbols(value).length > 0) throw unkeepable('an object with symbols for names', path)
    // Begun without a prototype it would be a dictionary, which is slow to copy.
    return this.#filled(value, Object.setPrototypeOf({}, prototype) as object, copy => {
      for (const [name, item] of Object.entries(value)) {
        this.bytes += 2 * name.length
        define(copy, name, this.copy(item, `${path}.${name}`))
      }
    })
  }

  #filled<T extends object>(original: object, copy: T, fill: (copy: T) => void): T {
    this.#copies.set(original, copy)
    fill(copy)
    return this.#freeze ? Object.freeze(copy) : copy
  }

  #copyMap(map: Map<unknown, unknown>, path: string): Map<unknown, unknown> {
    const copy = new Map<unknown, unknown>()
    this.#copies.set(map, copy)
    for (const [key, item] of map) copy.set(this.copy(key, `${path}.key`), this.copy(item, `${path}.get(${shown(key)})`))
    return copy
  }

  #copySet(set: Set<unknown>, path: string): Set<unknown> {
    const copy = new Set<unknown>()
    this.#copies.set(set, copy)
    for (const item of set) copy.add(this.copy(item, `${path}.item`))
    return copy
  }
}

const TYPED_ARRAY: unknown = Object.getPrototypeOf(Uint8Array.prototype)

/** An instance of a class that extends one of these would come back as something else, so it is none of them. */
function copiedLeaf(value: object, prototype: unknown): object | undefined {
  if (prototype === Date.prototype) return new Date((value as Date).getTime())
  if (prototype === Buffer.prototype) return Buffer.from(value as Buffer)
  if (prototype === ArrayBuffer.prototype) return (value as ArrayBuffer).slice(0)
  if (prototype === DataView.prototype) return new DataView(copiedBytes(value as DataView))
  return ArrayBuffer.isView(value) && Object.getPrototypeOf(prototype) === TYPED_ARRAY ? (value as Uint8Array).slice() : undefined
}

/** structuredClone would copy all of the buffer that is viewed. */
function copiedBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): ArrayBuffer {
  return new Uint8Array(buffer, byteOffset, byteLength).slice().buffer
}

/** Plain assignment would call the setter of `__proto__`, which is an ordinary name here. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

function unkeepable(got: string, path: string): CodecError {
  return new CodecError(
    `Expected a value that can be kept (plain data, Date, Map, Set, BigInt, Buffer, typed arrays), got ${got}${path === '' ? '' : ` at value${path}`}`,
  )
}
