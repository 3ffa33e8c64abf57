import { memoryStore } from '../stores/memory-store.js'
import type { Store } from '../stores/store.js'

const RECORDED = ['peek', 'read', 'fill', 'put', 'add', 'touch', 'count', 'release', 'purge', 'intend'] as const

export type StoreOperation = (typeof RECORDED)[number]

/** One call that was made to a store. */
export interface StoreCall {
  readonly operation: StoreOperation
  /** The keys it was about, or what a purge names: keys, tags, prefixes, patterns. Names as they are stored, with their namespace before them. */
  readonly names: readonly string[]
  /** What it was called with. */
  readonly args: readonly unknown[]
  /** What it returned, perhaps a promise; `undefined` if it threw. */
  readonly answer: unknown
}

/** A store that remembers what was asked of it. */
export interface RecordingStore extends Store {
  /** The calls so far, or those of one operation, in their order. */
  calls(operation?: StoreOperation): readonly StoreCall[]
  /** Forgets the calls so far; what is kept stays. */
  forgetCalls(): void
}

/**
 * The store, remembering each call that asks for entries or changes them: for tests of what a program does with its cache, and of a store's own
 * manners. It holds every call until `forgetCalls`, so it is not for programs that run for long.
 * @param store what answers the calls
 * @default memoryStore()
 * @example
 * const store = recordingStore()
 * const cache = createCache({ store })
 * await cache.set('greeting', 'hello')
 * store.calls('put').map(({ names }) => names) // [['greeting']]
 */
export function recordingStore(store: Store = memoryStore()): RecordingStore {
  let calls: StoreCall[] = []
  const own = {
    calls: (operation?: StoreOperation) => calls.filter(call => operation === undefined || call.operation === operation),
    forgetCalls: () => {
      calls = []
    },
  }
  const recorded = new Map<string | symbol, StoreOperation>(RECORDED.map(operation => [operation, operation]))
  return new Proxy(store, {
    has: (target, name) => name in own || name in target,
    get(target, name) {
      if (name in own) return Reflect.get(own, name) as unknown
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== 'function') return method
      const operation = recorded.get(name)
      return (...args: readonly unknown[]): unknown => {
        let answer: unknown
        try {
          answer = Reflect.apply(method, target, args)
          return answer
        } finally {
          if (operation !== undefined) calls.push({ operation, names: namesIn(args[0]), args, answer })
        }
      }
    },
  }) as RecordingStore
}

/** A call is about a key, an entry, or purges. */
function namesIn(subject: unknown): readonly string[] {
  if (typeof subject === 'string') return [subject]
  if (Array.isArray(subject)) return subject.flatMap(namesIn)
  const { key, name } = Object(subject) as { readonly key?: unknown; readonly name?: unknown }
  return [key ?? name].filter(text => typeof text === 'string')
}
