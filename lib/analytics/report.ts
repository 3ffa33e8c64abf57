import { Figures, type Count } from './figures.js'
import { quantile } from './histogram.js'
import type { Subject } from './subject.js'

/** By what figures are told apart. `route` is of pages alone. */
export type By = 'route' | 'name' | 'kind' | 'namespace'

export const BYS: readonly By[] = ['route', 'name', 'kind', 'namespace']

/** What was counted of a name in the time of a report. Durations are ms. */
export interface ReportRow extends Subject {
  /** Hits, stale answers, misses, collapsed and bypassed ones. */
  readonly requests: number
  readonly hits: number
  readonly stale: number
  readonly misses: number
  readonly collapsed: number
  readonly bypassed: number
  /** The share of those that the cache was asked about which it answered: hits and stale answers; `undefined` if it was asked about none. */
  readonly hitRate: number | undefined
  readonly loads: number
  readonly failed: number
  readonly fills: number
  readonly refreshes: number
  readonly sets: number
  readonly refused: number
  readonly evictions: number
  readonly purges: number
  readonly errors: number
  /** Purged, or gone otherwise, before their first hit. */
  readonly wasted: number
  /** Loaded again, and as large as before. */
  readonly unchanged: number
  readonly servedBytes: number
  readonly filledBytes: number
  /** What the loads would have taken that were not needed. */
  readonly savedMs: number
  readonly loadMs: number
  /** For how long entries were to be fresh when they were filled, on average. */
  readonly meanTtlMs: number | undefined
  /** How old entries were when they had to make room, on average. */
  readonly meanEvictedAgeMs: number | undefined
  readonly hitTimes: Times
  readonly loadTimes: Times
}

/** How long something took (ms), as far as a histogram can tell. */
export interface Times {
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
}

/** How often something happened for one reason. */
export interface ReasonRow extends Subject {
  /** `miss`, `refuse`, `bypass`, `stale`, `fail`, `purge` or `error`. */
  readonly what: string
  readonly reason: string
  readonly count: number
}

/** What is known of an entry. Counts are since it was heard of first; instants are epoch ms, 0 for never. */
export interface EntryRow extends Subject {
  readonly shown: string
  readonly tags: string
  readonly hits: number
  readonly misses: number
  readonly fills: number
  readonly wasted: number
  readonly savedMs: number
  readonly bytes: number
  readonly loadMs: number
  readonly createdAt: number
  readonly hitAt: number
  readonly seenAt: number
}

/** A page with what is kept of it for different visitors. */
export interface VariantsRow extends Subject {
  readonly shown: string
  readonly variants: number
}

/** What is known of the entries of one name. */
export interface EntryStats extends Subject {
  readonly entries: number
  /** URLs, or keys. */
  readonly bases: number
  readonly neverHit: number
  readonly hits: number
  readonly fills: number
  readonly bytes: number
}

/** Entries that stand out, of those seen in the time of the report. */
export interface Boards {
  readonly mostHit: readonly EntryRow[]
  readonly mostMissed: readonly EntryRow[]
  readonly slowest: readonly EntryRow[]
  readonly largest: readonly EntryRow[]
  readonly neverHit: readonly EntryRow[]
  readonly wasted: readonly EntryRow[]
  readonly mostVariants: readonly VariantsRow[]
}

export interface Report {
  /** Epoch ms; the figures are of whole minutes, hours or days. */
  readonly from: number
  readonly to: number
  readonly by: By
  /** Of all; by `route` of all pages, as are the reasons. */
  readonly totals: ReportRow
  /** The most asked for first. */
  readonly rows: readonly ReportRow[]
  readonly reasons: readonly ReasonRow[]
  readonly boards: Boards
}

/** A row of figures as it was read, all of its time added up. */
export interface Counted extends Subject {
  readonly figures: Figures
}

const NOTHING: Subject = { namespace: '', kind: '', name: '' }

export function rowsBy(counted: readonly Counted[], by: By): ReportRow[] {
  const groups = new Map<string, { readonly subject: Subject; readonly figures: Figures }>()
  for (const { figures, ...own } of concerning(counted, by)) {
    if (by !== 'namespace' && own.kind === 'cache') continue
    const subject = subjectBy(own, by)
    const id = JSON.stringify(subject)
    const group = groups.get(id) ?? { subject, figures: new Figures() }
    groups.set(id, group)
    group.figures.include(figures)
  }
  return [...groups.values()].map(({ subject, figures }) => rowOf(subject, figures)).toSorted((a, b) => b.requests - a.requests)
}

/** Those that a report by this is about: by route it is about pages, and what concerns no entry. */
export function concerning<Row extends Subject>(rows: readonly Row[], by: By): readonly Row[] {
  return by === 'route' ? rows.filter(({ kind }) => kind === 'page' || kind === 'cache') : rows
}

export function totalsOf(counted: readonly Counted[]): ReportRow {
  const all = new Figures()
  for (const { figures } of counted) all.include(figures)
  return rowOf(NOTHING, all)
}

/** What happened for which reason, all names together, the most frequent first. */
export function reasonsOf(rows: readonly ReasonRow[]): ReasonRow[] {
  const groups = new Map<string, ReasonRow>()
  for (const { what, reason, count } of rows) {
    const id = JSON.stringify([what, reason])
    groups.set(id, { ...NOTHING, what, reason, count: count + (groups.get(id)?.count ?? 0) })
  }
  return [...groups.values()].toSorted((a, b) => b.count - a.count)
}

function subjectBy({ namespace, kind, name }: Subject, by: By): Subject {
  if (by === 'kind') return { ...NOTHING, kind, name: kind }
  if (by === 'namespace') return { ...NOTHING, namespace, name: namespace || '(root)' }
  return { namespace, kind, name }
}

function rowOf(subject: Subject, figures: Figures): ReportRow {
  const count = (name: Count) => figures.get(name)
  const mean = (sum: Count, of: Count) => (count(of) === 0 ? undefined : count(sum) / count(of))
  const [hits, stale, misses, collapsed] = [count('hits'), count('stale'), count('misses'), count('collapsed')] as const
  const asked = hits + stale + misses + collapsed
  return {
    ...subject,
    requests: asked + count('bypassed'),
    hits,
    stale,
    misses,
    collapsed,
    bypassed: count('bypassed'),
    hitRate: asked === 0 ? undefined : (hits + stale) / asked,
    loads: count('loads'),
    failed: count('failed'),
    fills: count('fills'),
    refreshes: count('refreshes'),
    sets: count('sets'),
    refused: count('refused'),
    evictions: count('evictions'),
    purges: count('purges'),
    errors: count('errors'),
    wasted: count('wasted'),
    unchanged: count('unchanged'),
    servedBytes: count('served_bytes'),
    filledBytes: count('filled_bytes'),
    savedMs: count('saved_ms'),
    loadMs: count('load_ms'),
    meanTtlMs: mean('ttl_ms', 'fills'),
    meanEvictedAgeMs: mean('evicted_age_ms', 'evictions'),
    hitTimes: timesOf(figures.times('hit')),
    loadTimes: timesOf(figures.times('load'), count('load_ms')),
  }
}

/** @param sum of all of them, if it is known: of one alone it is that one */
function timesOf(counts: readonly number[], sum?: number): Times {
  const alone = counts.reduce((all, count) => all + count, 0) === 1 ? sum : undefined
  const at = (share: number) => alone ?? quantile(counts, share)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}
