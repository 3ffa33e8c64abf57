import { AssertionError } from 'node:assert'
import { checkedCache, inside, type Cache } from '../caches/cache.js'
import type { CacheEvents } from '../cache/events.js'
import { requiredFunction } from '../options.js'
import { splitName } from '../keys/names.js'

/** The signals that are about one entry; `purge` is about many. */
const ABOUT_ENTRY = ['hit', 'miss', 'stale', 'fill', 'refuse', 'evict', 'error'] as const

type EntrySignal = (typeof ABOUT_ENTRY)[number]

/**
 * Runs `run` and expects a `hit` of `key` to be announced meanwhile.
 * @returns what `run` returns
 * @throws {AssertionError} saying what was announced instead; what `run` throws
 * @example
 * const response = await expectHit(cache, 'tree', () => request(app).get('/tree'))
 */
export async function expectHit<T>(cache: Cache, key: string, run: () => T | Promise<T>): Promise<T> {
  return expectSignal('hit', cache, key, run)
}

/**
 * Runs `run` and expects a `miss` of `key` to be announced meanwhile.
 * @returns what `run` returns
 * @throws {AssertionError} saying what was announced instead; what `run` throws
 */
export async function expectMiss<T>(cache: Cache, key: string, run: () => T | Promise<T>): Promise<T> {
  return expectSignal('miss', cache, key, run)
}

async function expectSignal<T>(expected: EntrySignal, cache: Cache, key: string, run: () => T | Promise<T>): Promise<T> {
  checkedCache(cache)
  requiredFunction(run, 'run')
  const heard: Heard[] = []
  const stop = ABOUT_ENTRY.map(signal => cache.on(signal, (event: CacheEvents[EntrySignal]) => void heard.push({ signal, event })))
  try {
    const result = await run()
    assertHeard(expected, heard, splitName(inside(cache).prefix + key))
    return result
  } finally {
    for (const off of stop) off()
  }
}

interface Heard {
  readonly signal: EntrySignal
  readonly event: CacheEvents[EntrySignal]
}

function assertHeard(expected: EntrySignal, heard: readonly Heard[], { namespace, name }: { namespace: string; name: string }): void {
  const own = heard.filter(({ event }) => event.key === name && event.namespace === namespace)
  if (own.some(({ signal }) => signal === expected)) return
  const others = heard.filter(one => !own.includes(one)).map(({ signal, event }) => `${signal} of ${JSON.stringify(event.key)}`)
  const instead = own.length > 0 ? `${listed(own.map(described))} was announced` : 'nothing was announced of it'
  throw new AssertionError({
    message: `Expected a ${expected} of ${JSON.stringify(name)}, but ${instead}${others.length > 0 ? ` (of others: ${listed(others)})` : ''}`,
    actual: own.map(({ signal }) => signal),
    expected: [expected],
    operator: `expect ${expected}`,
  })
}

function described({ signal, event }: Heard): string {
  if ('reason' in event) return `${signal} (${event.reason})`
  if ('operation' in event) return `${signal} (${event.operation}: ${String(event.error)})`
  return signal
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, 5)
  return items.length > shown.length ? `${shown.join(', ')} and ${items.length - shown.length} more` : shown.join(', ')
}
