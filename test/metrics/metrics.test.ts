import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import * as api from '@opentelemetry/api'
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { expect } from 'chai'
import { Registry } from 'prom-client'
import { ConfigError, createCache, type Cache } from 'smart-cache'
import { diagnosticsChannel, openTelemetry, prometheus } from 'smart-cache/metrics'
import { fakeClock } from 'smart-cache/testing'

const SECRET = 'pl4nted-S3cret'

describe('Metrics for Prometheus', () => {
  it('say what a cache does, up to the moment when they are read', async () => {
    const { cache, clock } = standing()
    const registry = new Registry()
    prometheus(cache, registry)
    await use(cache, clock)
    const text = await registry.metrics()
    for (const line of [
      'smart_cache_requests_total{kind="value",name="slow",outcome="hit"} 3',
      'smart_cache_requests_total{kind="value",name="slow",outcome="miss"} 2',
      'smart_cache_requests_total{kind="value",name="failing",outcome="miss"} 1',
      'smart_cache_load_failures_total{kind="value",name="failing"} 1',
      'smart_cache_load_duration_seconds_bucket{kind="value",name="slow",le="0.25"} 0',
      'smart_cache_load_duration_seconds_bucket{kind="value",name="slow",le="0.5"} 2',
      'smart_cache_load_duration_seconds_bucket{kind="value",name="slow",le="+Inf"} 2',
      'smart_cache_load_duration_seconds_sum{kind="value",name="slow"} 0.6',
      'smart_cache_load_duration_seconds_count{kind="value",name="slow"} 2',
      'smart_cache_purge_duration_seconds_count{target="tag",soft="false"} 1',
    ])
      expect(text).to.include(`${line}\n`)
    expect(text)
      .to.include('# TYPE smart_cache_requests_total counter')
      .and.to.include('# TYPE smart_cache_load_duration_seconds histogram')
    expect(text).to.not.include(SECRET)
  })

  it('are those of as many names as a program has, and no more', async () => {
    const { cache } = standing()
    const registry = new Registry()
    prometheus(cache, registry)
    for (let n = 0; n < 600; n++)
      await cache.get(`name${'abcdefghij'[n % 10]}${'abcdefghij'[Math.floor(n / 10) % 10]}${'abcdefghij'[Math.floor(n / 100)]}`)
    const lines = (await registry.metrics()).split('\n').filter(line => line.startsWith('smart_cache_requests_total'))
    expect(lines.length).to.equal(501)
    expect(lines).to.include('smart_cache_requests_total{kind="value",name="(others)",outcome="miss"} 100')
  })

  it('are taken away again', async () => {
    const { cache } = standing()
    const registry = new Registry()
    prometheus(cache, registry)()
    expect(registry.getMetricsAsArray()).to.deep.equal([])
    prometheus(cache, registry)
    expect(() => prometheus(cache, registry)).to.throw('already been registered')
    registry.resetMetrics()
  })

  it('refuse what is no registry, and no cache', () => {
    expect(() => prometheus(createCache(), {} as Registry)).to.throw(ConfigError, '`registry`')
    expect(() => prometheus({} as Cache, new Registry())).to.throw(ConfigError, '`cache`')
    expect(() => openTelemetry(createCache(), {} as typeof api)).to.throw(ConfigError, '`api`')
    expect(() => diagnosticsChannel({} as Cache)).to.throw(ConfigError, '`cache`')
  })
})

describe('Metrics for OpenTelemetry', () => {
  it('say the same', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })] })
    api.metrics.setGlobalMeterProvider(provider)
    const { cache, clock } = standing()
    const off = openTelemetry(cache, api)
    try {
      await use(cache, clock)
      await provider.forceFlush()
      const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics))
      const named = new Map(metrics.map(metric => [metric.descriptor.name, metric]))
      const hits = named.get('smart_cache.requests')?.dataPoints.find(({ attributes }) => attributes['outcome'] === 'hit')
      expect([hits?.value, hits?.attributes]).to.deep.equal([3, { kind: 'value', name: 'slow', outcome: 'hit' }])
      expect(named.get('smart_cache.load.duration')?.descriptor.unit).to.equal('s')
      expect(named.get('smart_cache.served')?.descriptor.unit).to.equal('By')
      expect(JSON.stringify(metrics)).to.not.include(SECRET)
    } finally {
      off()
      await provider.shutdown()
      api.metrics.disable()
    }
  })
})

describe('Channels of node:diagnostics_channel', () => {
  it('have what a cache announces, until that is ended', async () => {
    const { cache } = standing()
    const heard: unknown[] = []
    const hear = (message: unknown) => heard.push((message as { readonly why?: string }).why)
    subscribe('smart-cache:purge', hear)
    const off = diagnosticsChannel(cache)
    await cache.invalidate('t', { why: 'edit' })
    off()
    await cache.invalidate('t', { why: 'later' })
    unsubscribe('smart-cache:purge', hear)
    expect(heard).to.deep.equal(['edit'])
  })
})

function standing() {
  const clock = fakeClock()
  return { clock, cache: createCache({ clock }) }
}

async function use(cache: Cache, clock: ReturnType<typeof fakeClock>): Promise<void> {
  const slow = cache.cached(
    async function slow(word: string) {
      clock.advance(300)
      return word
    },
    { tags: word => [`of:${word}`] },
  )
  for (const word of [SECRET, SECRET, 'a', 'a', SECRET]) await slow(word)
  await cache.getOrSet('failing', () => Promise.reject(new Error(SECRET))).catch(() => undefined)
  await cache.invalidate(`of:${SECRET}`, { why: SECRET })
  clock.advance('1s')
}
