import type { EntryRow, EntryStats, ReasonRow, ReportRow } from './report.js'
import type { Subject } from './subject.js'

/** What could be better, and the figures that say so. */
export interface Advice extends Subject {
  readonly kind: string
  readonly advice: 'unique-keys' | 'short-ttl' | 'one-header' | 'grace' | 'large-entry' | 'small-store'
  /** One or two sentences. */
  readonly text: string
  readonly figures: Readonly<Record<string, number | string>>
}

/** What advice is made of: all by name, in one span of time. */
export interface Evidence {
  readonly rows: readonly ReportRow[]
  readonly reasons: readonly ReasonRow[]
  readonly stats: readonly EntryStats[]
  readonly largest: readonly EntryRow[]
}

/** Less than this is chance. */
const ENOUGH = 20
const SLOW_MS = 20
const LARGE_BYTES = 256 * 1024

/** Headers of a response by which a page is not kept, and what can be done about each. */
const HEADERS: Readonly<Record<string, string>> = {
  'set-cookie': 'its response sets a cookie: set it elsewhere, or only when it changes',
  private: 'its response says `Cache-Control: private`: if it is the same for everybody, leave that out; if not, say what it varies on',
  'no-store': 'its response says `Cache-Control: no-store`',
  'no-cache': 'its response says `Cache-Control: no-cache`',
  'cache-control': 'its `Cache-Control` cannot be read',
  'max-age': 'its response says that it is old already (`max-age`, `Expires`, `Age`)',
  'cdn-cache-control': 'its response forbids it in `CDN-Cache-Control`',
  'surrogate-control': 'its response forbids it in `Surrogate-Control`',
  vary: 'its response says `Vary: *`',
}

/** Plain advice, the weightiest first. */
export function advise(evidence: Evidence): Advice[] {
  const { rows, stats, largest } = evidence
  return [
    ...stats.flatMap(uniqueKeys),
    ...rows.flatMap(row => shortTtl(row, evidence)),
    ...rows.flatMap(row => oneHeader(row, evidence)),
    ...rows.flatMap(row => withoutGrace(row, evidence)),
    ...largest.flatMap(largeEntry),
    ...rows.flatMap(smallStore),
  ]
}

function uniqueKeys({ namespace, kind, name, entries, bases, neverHit, hits, fills }: EntryStats): Advice[] {
  if (entries < ENOUGH || neverHit / entries < 0.9 || hits > fills / 10) return []
  const perBase = entries / bases
  const what =
    kind === 'query'
      ? 'what is made of them is kept already, or what they ask for is different each time. Let it be read with `.noCache()`, or keep only what is made of it.'
      : `${perBase >= 10 ? `it varies on something that is different each time: ${round(perBase)} variants of each URL` : 'something in its key is different each time'}. Leave it out of the key, or keep none of them.`
  return [
    {
      namespace,
      kind,
      name,
      advice: 'unique-keys',
      text: `${percent(neverHit / entries)} of ${entries} entries of ${name} were never hit: ${what}`,
      figures: { entries, ...(kind === 'page' ? { urls: bases } : {}), neverHit, hits, fills },
    },
  ]
}

/** Expired and loaded again, mostly to be what it was. */
function shortTtl(row: ReportRow, { reasons }: Evidence): Advice[] {
  const { namespace, kind, name, unchanged, fills, sets, meanTtlMs } = row
  const expired = countOf(reasons, row, 'miss', 'expired') + row.refreshes
  const again = fills - sets
  if (expired < ENOUGH || expired < again / 2 || unchanged / again < 0.8 || meanTtlMs === undefined) return []
  return [
    {
      namespace,
      kind,
      name,
      advice: 'short-ttl',
      text: `${name} expired ${expired} times, and ${percent(unchanged / again)} of what was loaded then was as large as before. Its ttl of about ${span(meanTtlMs)} is shorter than it takes to change: a longer one, and a purge when it does, saves most of these loads.`,
      figures: { expired, loaded: again, unchanged, meanTtlMs: round(meanTtlMs) },
    },
  ]
}

function oneHeader(row: ReportRow, { reasons }: Evidence): Advice[] {
  const { namespace, kind, name, fills, refused } = row
  return Object.entries(HEADERS).flatMap(([reason, what]): Advice[] => {
    const count = countOf(reasons, row, 'refuse', reason)
    if (count < ENOUGH || count < 0.8 * (fills + refused)) return []
    return [
      {
        namespace,
        kind,
        name,
        advice: 'one-header',
        text: `${name} was loaded ${count} times and not kept, because ${what}.`,
        figures: { refused: count, reason, fills },
      },
    ]
  })
}

function withoutGrace(row: ReportRow, { reasons }: Evidence): Advice[] {
  const { namespace, kind, name, stale, loadTimes } = row
  const expired = countOf(reasons, row, 'miss', 'expired')
  const slow = loadTimes.p50 ?? 0
  if (expired < ENOUGH || stale > 0 || slow < SLOW_MS) return []
  return [
    {
      namespace,
      kind,
      name,
      advice: 'grace',
      text: `${expired} times somebody waited for ${name} to be loaded because it had just expired, half of them for ${span(slow)} or longer. With a \`grace\` they would have been served at once, and it would have been refreshed behind their backs.`,
      figures: { expired, p50: round(slow), p95: round(loadTimes.p95 ?? slow) },
    },
  ]
}

function largeEntry({ namespace, kind, name, shown, bytes, hits, fills }: EntryRow): Advice[] {
  if (bytes < LARGE_BYTES || hits > fills || fills < 3) return []
  return [
    {
      namespace,
      kind,
      name,
      advice: 'large-entry',
      text: `${shown} takes ${Math.round(bytes / 1024)} KiB and was hit ${hits} times for ${fills} fills: it takes the room of what would be hit more often.`,
      figures: { bytes, hits, fills },
    },
  ]
}

function smallStore({ namespace, kind, name, evictions, fills, meanEvictedAgeMs, meanTtlMs }: ReportRow): Advice[] {
  if (evictions < ENOUGH || evictions < fills / 20 || meanEvictedAgeMs === undefined || meanTtlMs === undefined) return []
  if (meanEvictedAgeMs > meanTtlMs / 2) return []
  return [
    {
      namespace,
      kind,
      name,
      advice: 'small-store',
      text: `${evictions} entries of ${name} had to make room at an age of about ${span(meanEvictedAgeMs)}, though they were to be fresh for ${span(meanTtlMs)}: give the memory tier more \`maxBytes\`, or keep less.`,
      figures: { evictions, fills, meanEvictedAgeMs: round(meanEvictedAgeMs), meanTtlMs: round(meanTtlMs) },
    },
  ]
}

function countOf(reasons: readonly ReasonRow[], { namespace, kind, name }: Subject, what: string, reason: string): number {
  const row = reasons.find(
    one => one.what === what && one.reason === reason && one.name === name && one.kind === kind && one.namespace === namespace,
  )
  return row?.count ?? 0
}

function percent(share: number): string {
  return `${Math.floor(100 * share)} %`
}

function round(number: number): number {
  return Math.round(10 * number) / 10
}

/**
 * A span of time (ms) as people say it.
 * @param figures how a number with a decimal is said
 */
export function span(ms: number, figures: (number: number) => string = number => String(round(number))): string {
  if (ms < 0.9995) return `${Math.round(ms * 1_000)} µs`
  if (ms < 9.95) return `${figures(ms)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  for (const [unit, length, upTo] of [
    ['s', 1_000, 120],
    ['min', 60_000, 120],
    ['h', 3_600_000, 48],
  ] as const)
    if (ms < length * upTo) return `${figures(ms / length)} ${unit}`
  return `${figures(ms / 86_400_000)} days`
}
