import { KeyError, shown } from '../errors.js'

/**
 * One string for one meaning: equal values always give the same text, different values never do (types included: `1`, `'1'`, `1n` and
 * `new Date(1)` differ, and so do `0` and `-0`, and an absent and an `undefined` property). The order of its properties is no part of what
 * a plain object means; the order of its items is a part of what an array, Map or Set means.
 * @throws {KeyError} for what has no meaning outside this process: functions, symbols, class instances, cycles.
 */
export function canonical(value: unknown): string {
  return written(value, ROOT)
}

const ROOT: readonly object[] = []

function written(value: unknown, path: readonly object[]): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'boolean':
    case 'undefined':
      return String(value)
    case 'bigint':
      return `${value}n`
    case 'object':
      return value === null ? 'null' : writtenObject(value, path)
    default:
      throw new KeyError(`Expected plain data in a key, got ${shown(value)}`)
  }
}

function writtenObject(value: object, path: readonly object[]): string {
  if (path.includes(value)) throw new KeyError('Expected plain data in a key, got an object that contains itself')
  const inside = [...path, value]
  const list = (items: Iterable<unknown>) => Array.from(items, item => written(item, inside)).join()
  const prototype: unknown = Object.getPrototypeOf(value)
  // A class that extends one of these may mean something else by the same content.
  if (prototype === Array.prototype) return `[${list(value as unknown[])}]`
  if (prototype === Date.prototype) return `Date(${(value as Date).getTime()})`
  if (prototype === Map.prototype) return `Map(${list([...(value as Map<unknown, unknown>)].flat())})`
  if (prototype === Set.prototype) return `Set(${list(value as Set<unknown>)})`
  if (isPlainView(value, prototype)) return `${kindOfView(value)}(${base64(value)})`
  if (prototype !== Object.prototype && prototype !== null) {
    throw new KeyError(`Expected plain data in a key, got ${shown(value)}; pick the fields that identify it`)
  }
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new KeyError('Expected plain data in a key, got an object with symbols for names')
  const properties = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${properties.map(([name, item]) => `${JSON.stringify(name)}:${written(item, inside)}`).join()}}`
}

const TYPED_ARRAY: unknown = Object.getPrototypeOf(Uint8Array.prototype)

function isPlainView(value: object, prototype: unknown): value is ArrayBufferView {
  return (
    prototype === Buffer.prototype ||
    prototype === DataView.prototype ||
    (ArrayBuffer.isView(value) && Object.getPrototypeOf(prototype) === TYPED_ARRAY)
  )
}

function kindOfView(view: ArrayBufferView): string {
  return Buffer.isBuffer(view) ? 'Buffer' : view.constructor.name
}

function base64(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64')
}
