import { CodecError } from '../errors.js'
import { KIND, MOST_LEVELS, OBJECT_BYTES, TYPED_ARRAYS, VALUE_BYTES } from './codec-kinds.js'

/** What a `Writer` wrote. */
export interface Parts {
  readonly structure: Buffer
  readonly text: string
  readonly raw: Buffer
}

/**
 * Reads what a `Writer` wrote, in the same order. Every method throws where a `Writer` cannot have written the parts. Whatever they hold, it
 * makes nothing but data; its values take `memory` bytes at most, by the same estimate, and no room is made for what is only announced.
 */
export class Reader {
  readonly #structure: Buffer
  readonly #text: string
  readonly #raw: Buffer
  readonly #freeze: boolean
  #memory: number
  #at = 0
  #textAt = 0
  #rawAt = 0
  #levels = 0
  readonly #names: Name[] = []
  readonly #objects: object[] = []

  constructor({ structure, text, raw }: Parts, freeze: boolean, memory: number) {
    this.#structure = structure
    this.#text = text
    this.#raw = raw
    this.#freeze = freeze
    this.#memory = memory
  }

  value(): unknown {
    this.#spend(VALUE_BYTES)
    const kind = this.#byte()
    switch (kind) {
      case KIND.undefined:
        return undefined
      case KIND.null:
        return null
      case KIND.false:
        return false
      case KIND.true:
        return true
      case KIND.integer:
        return this.count()
      case KIND.negative:
        return -this.count()
      case KIND.float:
        return this.float()
      case KIND.bigint:
        return BigInt(`0x${this.string()}`)
      case KIND.negativeBigint:
        return -BigInt(`0x${this.string()}`)
      case KIND.string:
        return this.string()
      case KIND.again:
        return this.#objects[this.#below(this.#objects.length)]
      default:
        return this.#object(kind)
    }
  }

  string(): string {
    const from = this.#textAt
    this.#textAt += this.count()
    if (this.#textAt > this.#text.length) throw unreadable('more text')
    return this.#text.slice(from, this.#textAt)
  }

  count(): number {
    let number = 0
    for (let unit = 1; unit <= Number.MAX_SAFE_INTEGER; unit *= 128) {
      const byte = this.#byte()
      number += (byte & 127) * unit
      if (byte < 128) return number
    }
    throw unreadable('a smaller number')
  }

  float(): number {
    const number = this.#structure.readDoubleLE(this.#at)
    this.#at += 8
    return number
  }

  /** Any float but NaN. */
  number(): number {
    const number = this.float()
    if (Number.isNaN(number)) throw unreadable('a number')
    return number
  }

  /** To be called last. */
  end(): void {
    if (this.#at < this.#structure.length || this.#textAt < this.#text.length || this.#rawAt < this.#raw.length) throw unreadable('an end')
  }

  #spend(bytes: number): void {
    this.#memory -= bytes
    if (this.#memory < 0) throw unreadable('fewer values')
  }

  #byte(): number {
    const byte = this.#structure[this.#at++]
    if (byte === undefined) throw unreadable('more structure')
    return byte
  }

  #below(limit: number): number {
    const number = this.count()
    if (number >= limit) throw unreadable(`a number below ${limit}`)
    return number
  }

  #object(kind: number): object {
    this.#spend(OBJECT_BYTES)
    this.#levels += 1
    if (this.#levels > MOST_LEVELS) throw unreadable('fewer levels')
    const object = this.#contents(kind)
    this.#levels -= 1
    return object
  }

  #contents(kind: number): object {
    switch (kind) {
      case KIND.array:
        return this.#array()
      case KIND.object:
        return this.#plain({})
      case KIND.bare:
        return this.#plain(Object.create(null) as Record<string, unknown>)
      case KIND.map:
        return this.#map()
      case KIND.set:
        return this.#set()
      case KIND.date:
        return this.#begun(new Date(this.float()))
      case KIND.buffer:
        return this.#begun(sparing(this.#bytes()))
      case KIND.arrayBuffer:
        return this.#begun(ownBytes(this.#bytes()))
      case KIND.dataView:
        return this.#begun(new DataView(ownBytes(this.#bytes())))
      case KIND.typedArray:
        return this.#typedArray()
      default:
        throw unreadable('a kind of value')
    }
  }

  #begun<T extends object>(object: T): T {
    this.#objects.push(object)
    return object
  }

  #array(): unknown[] {
    const array = this.#begun([] as unknown[])
    for (let left = this.count(); left > 0; left--) array.push(this.value())
    return this.#freeze ? (Object.freeze(array) as unknown[]) : array
  }

  #plain(object: Record<string, unknown>): object {
    this.#begun(object)
    for (let left = this.count(); left > 0; left--) {
      const { name, inherited } = this.#name()
      const value = this.value()
      if (inherited) define(object, name, value)
      else object[name] = value
    }
    return this.#freeze ? Object.freeze(object) : object
  }

  #name(): Name {
    const number = this.#below(this.#names.length + 1)
    const before = this.#names[number - 1]
    if (before !== undefined) return before
    const name = this.string()
    const first = { name, inherited: INHERITED.has(name) }
    this.#names.push(first)
    return first
  }

  #map(): Map<unknown, unknown> {
    const map = this.#begun(new Map<unknown, unknown>())
    for (let left = this.count(); left > 0; left--) map.set(this.value(), this.value())
    return map
  }

  #set(): Set<unknown> {
    const set = this.#begun(new Set<unknown>())
    for (let left = this.count(); left > 0; left--) set.add(this.value())
    return set
  }

  #typedArray(): object {
    const TypedArray = TYPED_ARRAYS[this.#byte()]
    if (TypedArray === undefined) throw unreadable('a kind of typed array that is known here')
    return this.#begun(new TypedArray(ownBytes(this.#bytes())))
  }

  #bytes(): Buffer {
    const from = this.#rawAt
    this.#rawAt += this.count()
    if (this.#rawAt > this.#raw.length) throw unreadable('more bytes')
    return this.#raw.subarray(from, this.#rawAt)
  }
}

interface Name {
  readonly name: string
  /** Plain assignment would call the setter of `__proto__`, and is refused the others where `Object.prototype` is frozen. */
  readonly inherited: boolean
}

const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype))

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

/** The slice itself if it is most of the memory that it keeps from being freed, else a copy. */
function sparing(bytes: Buffer): Buffer {
  return 2 * bytes.length >= bytes.buffer.byteLength ? bytes : Buffer.from(bytes)
}

/** Whoever holds a typed array can reach all of its buffer. */
function ownBytes({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + byteLength)
}

function unreadable(expected: string): CodecError {
  return new CodecError(`Expected ${expected} in an envelope`)
}
