/** What is measured, as Prometheus names it. */
export const COUNTERS = {
  requests: { name: 'smart_cache_requests_total', help: 'Requests by outcome: hit, stale, miss, collapsed or bypass.' },
  fills: { name: 'smart_cache_fills_total', help: 'What was loaded or set, and kept.' },
  refusals: { name: 'smart_cache_refusals_total', help: 'What was loaded and not kept, by reason.' },
  failures: { name: 'smart_cache_load_failures_total', help: 'Loads that failed.' },
  evictions: { name: 'smart_cache_evictions_total', help: 'Entries that made room for others.' },
  errors: { name: 'smart_cache_errors_total', help: 'What failed without anybody being told, by operation.' },
  servedBytes: { name: 'smart_cache_served_bytes_total', help: 'Sizes of the entries that were served.' },
  savedSeconds: { name: 'smart_cache_saved_seconds_total', help: 'What the loads would have taken that were not needed.' },
} as const

/** Times, whose bounds are in seconds. */
export const HISTOGRAMS = {
  hit: {
    name: 'smart_cache_hit_duration_seconds',
    help: 'How long a look in memory took; a sample of the hits.',
    bounds: [1e-6, 5e-6, 2e-5, 1e-4, 1e-3, 1e-2],
  },
  storeRead: {
    name: 'smart_cache_store_read_duration_seconds',
    help: 'How long the store took to find what was then served; a sample of the hits.',
    bounds: [1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 0.01, 0.05, 0.25],
  },
  load: {
    name: 'smart_cache_load_duration_seconds',
    help: 'How long loads took.',
    bounds: [1e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  purge: {
    name: 'smart_cache_purge_duration_seconds',
    help: 'How long purges took to be in effect everywhere.',
    bounds: [1e-5, 1e-4, 5e-4, 1e-3, 2.5e-3, 0.01, 0.05, 0.25, 1, 5],
  },
} as const

export type CounterName = keyof typeof COUNTERS
export type HistogramName = keyof typeof HISTOGRAMS
export type Labels = Readonly<Record<string, string>>
