import { seeded } from '../coherence/random.js'

/** Values of different meaning, many of which look alike. */
export const LOOKALIKES: readonly unknown[] = [
  ...[0, -0, 1, -1, 0.1, 1e21, Infinity, NaN, 1n, -1n, 0n, true, false, null, undefined],
  ...[
    '',
    '0',
    '-0',
    '1',
    '1n',
    'true',
    'null',
    'undefined',
    'NaN',
    ' ',
    '"',
    '\\',
    '\\"',
    ',',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    'a',
    'b',
    'é',
    'e\u0301',
    '\ud800',
  ],
  ...['[]', '{}', '"a"', 'a,b', '"a","b"', 'Date(1)', 'Map()', 'Set()', 'Buffer()', '__proto__', '{"a":1}'],
]

/** Random lists of arguments, the same for the same seed. */
export function randomCalls(seed: number): () => readonly unknown[] {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const list = (limit: number, depth: number) => Array.from({ length: below(limit) }, () => value(depth))
  const text = () => Array.from({ length: below(5) }, () => '"\\,:(){}[]ab01nÿ\u0000'[below(18)]).join('')
  const value = (depth: number): unknown => {
    if (depth > 0 && below(3) === 0) {
      const items = list(4, depth - 1)
      switch (below(5)) {
        case 0:
          return items
        case 1:
          return new Map(items.map(item => [value(depth - 1), item]))
        case 2:
          return new Set(items)
        default:
          return Object.fromEntries(items.map(item => [text(), item]))
      }
    }
    switch (below(8)) {
      case 0:
      case 1:
        return LOOKALIKES[below(LOOKALIKES.length)]
      case 2:
        return text()
      case 3:
        return below(2 ** 31) / 2 ** below(40)
      case 4:
        return BigInt(below(1000))
      case 5:
        return new Date(below(1000))
      case 6:
        return Uint8Array.from({ length: below(3) }, () => below(256))
      default:
        return Buffer.from(text())
    }
  }
  return () => list(4, 2)
}

/** A list that is nearly the same as another: the pairs by which keys that were put together carelessly collide. */
export function nearby(seed: number): (args: readonly unknown[]) => readonly unknown[] {
  const random = seeded(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  const ways: readonly ((args: readonly unknown[], at: number) => readonly unknown[])[] = [
    (args, at) => args.with(at, LOOKALIKES[below(LOOKALIKES.length)]),
    (args, at) => args.with(at, [args[at]]),
    (args, at) => args.with(at, { a: args[at] }),
    (args, at) => args.with(at, new Set([args[at]])),
    (args, at) => args.with(at, inText(args[at])),
    (args, at) => args.with(at, typeof args[at] === 'string' ? `${args[at]}"` : new Map([[args[at], undefined]])),
    (args, at) => args.toSpliced(at, 1),
    (args, at) => args.toSpliced(at, 0, args[at]),
    (args, at) => args.toSpliced(at, 1, ...(Array.isArray(args[at]) ? (args[at] as unknown[]) : [undefined])),
    (args, at) => args.toSpliced(at, 2, args.slice(at, at + 2)),
    args => [...args, undefined],
    args => args.toReversed(),
    args => [args],
    args => [args.map(inText).join()],
  ]
  return args => (args.length === 0 ? [undefined] : (ways[below(ways.length)]?.(args, below(args.length)) ?? []))
}

function inText(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? (JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? `${item}n` : item)) ?? '')
    : String(value)
}

/** Another list that means the same: properties stand in another order. */
export function copied(value: readonly unknown[]): readonly unknown[] {
  return value.map(other)
}

function other(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(other)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [other(key), other(item)]))
  if (value instanceof Set) return new Set([...value].map(other))
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date || ArrayBuffer.isView(value)) return structuredClone(value)
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, item]) => [name, other(item)]),
  )
}
