import { checkedCache, inside, type Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { measure } from './measure.js'
import { COUNTERS, HISTOGRAMS, type CounterName, type HistogramName, type Labels } from './names.js'

/** What is used of a `Registry` of prom-client. */
export interface PrometheusRegistry {
  // As a method, so that prom-client's own type of a metric fits.
  registerMetric(metric: never): void
  removeSingleMetric(name: string): void
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly metricName?: string
}

/** One line of a metric for these labels. */
interface Series {
  readonly labels: Labels
  readonly counts: number[]
  sum: number
}

/**
 * Adds the series of a cache to a registry of prom-client: `smart_cache_requests_total{kind,name,outcome}` and others. They are up to date whenever
 * they are read.
 * @returns what takes them away again
 * @throws {ConfigError} for what is no cache or no registry
 * @example
 * const registry = new Registry()
 * prometheus(cache, registry)
 * app.get('/metrics', async (_req, res) => res.type(registry.contentType).send(await registry.metrics()))
 */
export function prometheus(cache: Cache, registry: PrometheusRegistry): () => void {
  const { engine } = inside(checkedCache(cache))
  const { registerMetric } = (registry ?? {}) as Partial<PrometheusRegistry>
  if (typeof registerMetric !== 'function')
    throw new ConfigError(`Expected \`registry\` to be a Registry of prom-client, got ${shown(registry)}`)
  const counters = new Map((Object.keys(COUNTERS) as CounterName[]).map(name => [name, new Map<string, Series>()]))
  const histograms = new Map((Object.keys(HISTOGRAMS) as HistogramName[]).map(name => [name, new Map<string, Series>()]))
  const off = measure(cache, {
    count: (counter, labels, by) => {
      seriesOf(counters.get(counter), labels, 0).sum += by
    },
    time: (histogram, labels, seconds) => {
      const { bounds } = HISTOGRAMS[histogram]
      const series = seriesOf(histograms.get(histogram), labels, bounds.length + 1)
      const at = bounds.findIndex(bound => seconds <= bound)
      const place = at === -1 ? bounds.length : at
      series.counts[place] = (series.counts[place] ?? 0) + 1
      series.sum += seconds
    },
  })
  const told = () => engine.tally.tellAll()
  const metrics = [
    ...Array.from(counters, ([counter, series]) =>
      metric(COUNTERS[counter], 'counter', () => (told(), [...series.values()].map(({ labels, sum }) => ({ labels, value: sum }))), series),
    ),
    ...Array.from(histograms, ([histogram, series]) =>
      metric(HISTOGRAMS[histogram], 'histogram', () => (told(), samplesOf(histogram, series)), series),
    ),
  ]
  for (const one of metrics) registry.registerMetric(one as never)
  return () => {
    off()
    for (const { name } of metrics) registry.removeSingleMetric(name)
  }
}

function metric(
  { name, help }: { readonly name: string; readonly help: string },
  type: 'counter' | 'histogram',
  values: () => readonly Sample[],
  series: Map<string, Series>,
) {
  return {
    name,
    help,
    type,
    aggregator: 'sum',
    get: async () => ({ name, help, type, aggregator: 'sum', values: values() }),
    reset: () => series.clear(),
  }
}

function seriesOf(all: Map<string, Series> | undefined, labels: Labels, buckets: number): Series {
  const id = JSON.stringify(labels)
  const series = all?.get(id) ?? { labels, counts: Array.from({ length: buckets }, () => 0), sum: 0 }
  all?.set(id, series)
  return series
}

/** Each bucket counts all that is no longer than its bound. */
function samplesOf(histogram: HistogramName, all: ReadonlyMap<string, Series>): Sample[] {
  const { name, bounds } = HISTOGRAMS[histogram]
  return [...all.values()].flatMap(({ labels, counts, sum }) => {
    let total = 0
    const buckets = counts.map((count, at): Sample => {
      total += count
      return { labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: total, metricName: `${name}_bucket` }
    })
    return [...buckets, { labels, value: sum, metricName: `${name}_sum` }, { labels, value: total, metricName: `${name}_count` }]
  })
}
