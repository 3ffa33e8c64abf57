import { checkedCache, type Cache } from '../../lib/caches/cache.js'
import { ConfigError, shown } from '../../lib/errors.js'
import { measure } from './measure.js'
import { COUNTERS, HISTOGRAMS, type CounterName, type HistogramName, type Labels } from './names.js'

interface Counter {
  add(value: number, attributes?: Labels): void
}

interface Histogram {
  record(value: number, attributes?: Labels): void
}

interface MetricOptions {
  readonly description: string
  readonly unit: string
  readonly advice?: { readonly explicitBucketBoundaries: number[] }
}

/** What is used of `@opentelemetry/api`. */
export interface OpenTelemetryApi {
  readonly metrics: {
    getMeter(name: string): {
      createCounter(name: string, options: MetricOptions): Counter
      createHistogram(name: string, options: MetricOptions): Histogram
    }
  }
}

const UNITS: Readonly<Partial<Record<CounterName, string>>> = { servedBytes: 'By', savedSeconds: 's', requests: '{request}' }

/**
 * Tells a meter of OpenTelemetry, `smart-cache`, what a cache does: `smart_cache.requests` with the attributes `kind`, `name` and `outcome`, and others.
 * @returns what ends it
 * @throws {ConfigError} for what is no cache or no API
 * @example
 * import * as api from '@opentelemetry/api'
 * openTelemetry(cache, api)
 */
export function openTelemetry(cache: Cache, api: OpenTelemetryApi): () => void {
  const { metrics } = (api ?? {}) as Partial<OpenTelemetryApi>
  if (typeof metrics?.getMeter !== 'function') throw new ConfigError(`Expected \`api\` to be @opentelemetry/api, got ${shown(api)}`)
  const meter = metrics.getMeter('smart-cache')
  const counters = new Map(
    (Object.keys(COUNTERS) as CounterName[]).map(counter => {
      const { name, help } = COUNTERS[counter]
      return [counter, meter.createCounter(dotted(name), { description: help, unit: UNITS[counter] ?? '1' })]
    }),
  )
  const histograms = new Map(
    (Object.keys(HISTOGRAMS) as HistogramName[]).map(histogram => {
      const { name, help, bounds } = HISTOGRAMS[histogram]
      const options = { description: help, unit: 's', advice: { explicitBucketBoundaries: [...bounds] } }
      return [histogram, meter.createHistogram(dotted(name), options)]
    }),
  )
  return measure(checkedCache(cache), {
    count: (counter, labels, by) => counters.get(counter)?.add(by, labels),
    time: (histogram, labels, seconds) => histograms.get(histogram)?.record(seconds, labels),
  })
}

/** Units and sums are said elsewhere there: `smart_cache_load_duration_seconds` is `smart_cache.load.duration`. */
function dotted(name: string): string {
  return name
    .replace(/(?:_bytes|(?<=duration)_seconds)?(?:_total)?$/, '')
    .replace(/^smart_cache_/, 'smart_cache.')
    .replace(/_duration$/, '.duration')
}
