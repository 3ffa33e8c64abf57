import { CodecError, shown } from '../errors.js'
import { KIND, MOST_LEVELS, OBJECT_BYTES, TYPED_ARRAYS, VALUE_BYTES } from './codec-kinds.js'

/**
 * Writes values in three parts: their structure, the characters of all their strings, and the bytes of all their buffers. So the characters
 * are made bytes in one go, and large buffers are copied once, to where they stay.
 */
export class Writer {
  /** The bytes of the buffers that were met, in order; not copies. */
  readonly raw: Uint8Array[] = []
  text = ''
  /** What the values will take in memory, without their characters and bytes. */
  memory = 0
  #structure = Buffer.allocUnsafe(1024)
  #length = 0
  #levels = 0
  readonly #names = new Map<string, number>()
  readonly #objects = new Map<object, number>()

  get structure(): Buffer {
    return this.#structure.subarray(0, this.#length)
  }

  /** @throws {CodecError} for what `keepable` would refuse, and for what lies more than 1,000 levels deep. */
  value(value: unknown): void {
    this.memory += VALUE_BYTES
    switch (typeof value) {
      case 'string':
        this.#byte(KIND.string)
        return this.string(value)
      case 'number':
        return this.#number(value)
      case 'boolean':
        return this.#byte(value ? KIND.true : KIND.false)
      case 'undefined':
        return this.#byte(KIND.undefined)
      case 'bigint':
        this.#byte(value < 0n ? KIND.negativeBigint : KIND.bigint)
        return this.string((value < 0n ? -value : value).toString(16))
      case 'object':
        return value === null ? this.#byte(KIND.null) : this.#object(value)
      default:
        throw unwritable(value)
    }
  }

  string(text: string): void {
    this.count(text.length)
    this.text += text
  }

  /** A whole number from 0 to `Number.MAX_SAFE_INTEGER`: seven bits a byte, the low ones first. */
  count(number: number): void {
    this.#reserve(8)
    let rest = number
    while (rest > 127) {
      this.#structure[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.#structure[this.#length++] = rest
  }

  float(number: number): void {
    this.#reserve(8)
    this.#length = this.#structure.writeDoubleLE(number, this.#length)
  }

  #number(number: number): void {
    if (!Number.isSafeInteger(number) || Object.is(number, -0)) {
      this.#byte(KIND.float)
      return this.float(number)
    }
    this.#byte(number < 0 ? KIND.negative : KIND.integer)
    this.count(Math.abs(number))
  }

  #object(object: object): void {
    const before = this.#objects.get(object)
    if (before !== undefined) {
      this.#byte(KIND.again)
      return this.count(before)
    }
    this.#objects.set(object, this.#objects.size)
    this.memory += OBJECT_BYTES
    this.#levels += 1
    if (this.#levels > MOST_LEVELS) throw new CodecError(`Expected a value of at most ${MOST_LEVELS} levels, got one that is deeper`)
    this.#contents(object, Object.getPrototypeOf(object))
    this.#levels -= 1
  }

  #contents(object: object, prototype: unknown): void {
    if (prototype === Array.prototype) return this.#array(object as readonly unknown[])
    if (prototype === Object.prototype) return this.#plain(KIND.object, object as Readonly<Record<string, unknown>>)
    if (prototype === null) return this.#plain(KIND.bare, object as Readonly<Record<string, unknown>>)
    if (prototype === Map.prototype) return this.#map(object as ReadonlyMap<unknown, unknown>)
    if (prototype === Set.prototype) return this.#set(object as ReadonlySet<unknown>)
    if (prototype === Date.prototype) {
      this.#byte(KIND.date)
      return this.float((object as Date).getTime())
    }
    this.#bytes(object, prototype)
  }

  #array(array: readonly unknown[]): void {
    this.#byte(KIND.array)
    this.count(array.length)
    // By its index, so that a hole is written as undefined.
    for (let index = 0; index < array.length; index++) this.value(array[index])
  }

  #plain(kind: number, object: Readonly<Record<string, unknown>>): void {
    const names = Object.keys(object)
    this.#byte(kind)
    this.count(names.length)
    for (const name of names) {
      this.#name(name)
      this.value(object[name])
    }
  }

  /** Written once, and as a number from then on: rows of a table all have the same ones. */
  #name(name: string): void {
    const before = this.#names.get(name)
    if (before !== undefined) return this.count(before)
    this.#names.set(name, this.#names.size + 1)
    this.count(0)
    this.string(name)
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.#byte(KIND.map)
    this.count(map.size)
    for (const [key, item] of map) {
      this.value(key)
      this.value(item)
    }
  }

  #set(set: ReadonlySet<unknown>): void {
    this.#byte(KIND.set)
    this.count(set.size)
    for (const item of set) this.value(item)
  }

  #bytes(object: object, prototype: unknown): void {
    if (prototype === ArrayBuffer.prototype) {
      this.#byte(KIND.arrayBuffer)
      return this.#raw(new Uint8Array(object as ArrayBuffer))
    }
    if (!ArrayBuffer.isView(object)) throw unwritable(object)
    if (prototype === Buffer.prototype) this.#byte(KIND.buffer)
    else if (prototype === DataView.prototype) this.#byte(KIND.dataView)
    else this.#typedArray(object, prototype)
    this.#raw(new Uint8Array(object.buffer, object.byteOffset, object.byteLength))
  }

  #typedArray(array: ArrayBufferView, prototype: unknown): void {
    const place = TYPED_ARRAYS.findIndex(constructor => constructor?.prototype === prototype)
    if (place === -1) throw unwritable(array)
    this.#byte(KIND.typedArray)
    this.#byte(place)
  }

  #raw(bytes: Uint8Array): void {
    this.count(bytes.length)
    this.raw.push(bytes)
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#structure[this.#length++] = byte
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#structure.length) return
    const larger = Buffer.allocUnsafe(2 * this.#structure.length)
    larger.set(this.structure)
    this.#structure = larger
  }
}

function unwritable(value: unknown): CodecError {
  return new CodecError(`Expected a value that can be kept, got ${shown(value)}`)
}
