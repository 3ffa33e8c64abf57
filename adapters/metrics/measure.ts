import type { Cache } from '../../lib/caches/cache.js'
import type { CacheEvents } from '../../lib/cache/events.js'
import type { CounterName, HistogramName, Labels } from './names.js'

/** What counts and times are told to. */
export interface Instruments {
  count(counter: CounterName, labels: Labels, by: number): void
  time(histogram: HistogramName, labels: Labels, seconds: number): void
}

/** Beyond so many names they are measured together: each is a series of its own. */
const MAX_NAMES = 500
const OTHERS = '(others)'

type About = Pick<CacheEvents['miss'], 'kind' | 'name' | 'namespace'>

/**
 * Tells instruments what a cache does. No keys, which are nobody's business and without number: what is told apart is the kind, and the route or name.
 * @returns what ends it
 */
export function measure(cache: Cache, instruments: Instruments): () => void {
  const names = new Set<string>()
  const labelsOf = ({ kind, name }: About): Labels => {
    if (names.size < MAX_NAMES) names.add(name)
    return { kind, name: names.has(name) ? name : OTHERS }
  }
  const request = (event: About, outcome: string, by = 1) => instruments.count('requests', { ...labelsOf(event), outcome }, by)
  const served = (event: About & { readonly bytes: number; readonly loadMs: number }, times: number) => {
    const labels = labelsOf(event)
    instruments.count('servedBytes', labels, times * event.bytes)
    instruments.count('savedSeconds', labels, (times * event.loadMs) / 1_000)
  }
  const loaded = (event: About & { readonly loadMs: number; readonly because: string }) => {
    if (event.because === 'absent' || event.because === 'expired') request(event, 'miss')
    if (event.because !== 'set') instruments.time('load', labelsOf(event), event.loadMs / 1_000)
  }
  const offs = [
    cache.on('hits', event => {
      request(event, 'hit', event.count)
      served(event, event.count)
      for (const ms of event.timesMs) instruments.time('hit', labelsOf(event), ms / 1_000)
      for (const ms of event.storeTimesMs) instruments.time('storeRead', labelsOf(event), ms / 1_000)
    }),
    cache.on('stale', event => {
      request(event, 'stale')
      served(event, 1)
    }),
    cache.on('miss', event => {
      if (!event.loads) request(event, 'miss')
    }),
    cache.on('collapsed', event => request(event, 'collapsed')),
    cache.on('bypass', event => request(event, 'bypass')),
    cache.on('fill', event => {
      if (event.name.startsWith('~')) return
      loaded(event)
      instruments.count('fills', labelsOf(event), 1)
    }),
    cache.on('refuse', event => {
      loaded(event)
      instruments.count('refusals', { ...labelsOf(event), reason: event.reason }, 1)
    }),
    cache.on('fail', event => {
      // What was served in its stead has been counted as stale.
      loaded(event.covered ? { ...event, because: 'refresh' } : event)
      instruments.count('failures', labelsOf(event), 1)
    }),
    cache.on('evict', event => instruments.count('evictions', labelsOf(event), 1)),
    cache.on('error', ({ operation }) => instruments.count('errors', { operation }, 1)),
    cache.on('purge', ({ kind, soft, ms }) => instruments.time('purge', { target: kind, soft: String(soft) }, ms / 1_000)),
  ]
  return () => {
    for (const off of offs) off()
  }
}
