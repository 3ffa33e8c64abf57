import { KeyError, shown } from '../errors.js'

/**
 * One string for one meaning: equal values always give the same text, different values never do (types included: `1`, `'1'`, `1n` and
 * `new Date(1)` differ, and so do `0` and `-0`, and an absent and an `undefined` property). The order of properties, and of the members of
 * a Set or Map, is no part of the meaning of a plain object, but is of an array, Set or Map.
 * @throws {KeyError} for what has no meaning outside this process: functions, symbols, class instances, cycles.
 */
export function canonical(value: unknown): string {
  return written(value, [])
}

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
  if (Array.isArray(value)) return `[${list(value)}]`
  if (value instanceof Date) return `Date(${value.getTime()})`
  if (value instanceof Map) return `Map(${list([...value].flat())})`
  if (value instanceof Set) return `Set(${list(value)})`
  if (ArrayBuffer.isView(value)) return `${kindOfView(value)}(${base64(value)})`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    throw new KeyError(`Expected plain data in a key, got ${shown(value)}; pick the fields that identify it`)
  }
  if (Object.getOwnPropertySymbols(value).length > 0)
    throw new KeyError('Expected plain data in a key, got an object with symbols for names')
  const properties = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${properties.map(([name, item]) => `${JSON.stringify(name)}:${written(item, inside)}`).join()}}`
}

function kindOfView(view: ArrayBufferView): string {
  return Buffer.isBuffer(view) ? 'Buffer' : view.constructor.name
}

function base64(view: ArrayBufferView): string {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64')
}
