import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { Registry } from 'prom-client'
import { createCache, memoryStore, type Cache } from 'smart-cache'
import { prometheus } from 'smart-cache/metrics'
import { prometheusOrSkip } from '../servers/prometheus.js'
import type { TestServer } from '../servers/test-server.js'
import { ROOT } from '../source-text.js'
import { slowStore } from '../stores/slow-store.js'

interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string }[]
}

const { panels, templating } = JSON.parse(readFileSync(join(ROOT, 'docs/grafana.json'), 'utf8')) as {
  readonly panels: readonly Panel[]
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[] }
}
const QUERIES = panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }, at) => ({ title: `${title} (${at + 1})`, expr: filled(expr) })),
)

/** As Grafana fills in the names that it knows, with everything chosen. */
function filled(expr: string): string {
  return expr.replaceAll('$__rate_interval', '4s').replaceAll('$__range', '1m').replaceAll('$name', '.*')
}

describe('The dashboard for Grafana, asked of a Prometheus', () => {
  let metrics: Server
  let server: TestServer
  let busy = true
  let working: Promise<void> = Promise.resolve()
  const near = createCache({ store: memoryStore({ maxBytes: 20_000 }) })
  const far = createCache({ store: slowStore() })

  before(async function () {
    const registries = { '/near': registryOf(near), '/far': registryOf(far) }
    metrics = createServer((request, response) => {
      const registry = registries[request.url as keyof typeof registries]
      void registry.metrics().then(text => response.setHeader('Content-Type', registry.contentType).end(text))
    })
    await new Promise<void>(resolve => metrics.listen(0, '127.0.0.1', resolve))
    const { port } = metrics.address() as AddressInfo
    server = await prometheusOrSkip(
      this,
      ['/near', '/far'].map(path => new URL(`http://127.0.0.1:${port}${path}`)),
    )
    working = work()
  })

  after(async () => {
    busy = false
    await working
    await server?.stop()
    metrics.closeAllConnections()
    metrics.close()
    await Promise.all([near, far].map(cache => cache.close()))
  })

  /** Everything that is measured happens again and again. */
  async function work(): Promise<void> {
    for (let turn = 0; busy; turn++) {
      for (const cache of [near, far]) await use(cache, turn)
      await sleep(10)
    }
  }

  async function use(cache: Cache, turn: number): Promise<void> {
    for (let n = 0; n < 40; n++) await cache.getOrSet('often', () => 'kept')
    await cache.getOrSet(`tile:${turn}`, () => 'x'.repeat(1_000))
    await cache.getOrSet('old', () => turn, { ttl: 5, grace: '1m' })
    await cache.getOrSet('unwanted', () => turn, { when: () => false })
    await cache.getOrSet('ill', () => Promise.reject(new Error('ill'))).catch(() => undefined)
    await cache.invalidate('nobody')
  }

  for (const { title, expr } of QUERIES) {
    it(`has figures for ${title}`, async () => {
      let figures = await ask(expr)
      // What is asked for is the change in the last seconds: it takes a few until there is one.
      for (; !figures.some(Number.isFinite); figures = await ask(expr)) await sleep(200)
      // Of what is not loaded just now there is no 95th part.
      expect(figures.filter(figure => !Number.isNaN(figure)).every(figure => figure >= 0)).to.equal(true)
    }).timeout(30_000)
  }

  it('has figures where nothing was hit, and where nothing failed', async () => {
    expect(await ask(only('unwanted', 'Hit rate (1)'))).to.deep.equal([0])
    expect(await ask(only('unwanted', 'Hit rate by name (1)'))).to.deep.equal([0])
    expect(await ask(only('often', 'Failures (1)'))).to.deep.equal([0])
  })

  it('has names to choose from', async () => {
    const [, series, label] = /^label_values\((\w+), (\w+)\)$/.exec(queryOf('name')) ?? []
    const { data } = await answer(`label/${label}/values`, { 'match[]': series ?? '' })
    expect(data).to.include.members(['often', 'old', 'tile:*'])
  })

  /** What the panel asks of one name. */
  function only(name: string, title: string): string {
    return QUERIES.find(query => query.title === title)?.expr.replaceAll('".*"', `"${name}"`) ?? ''
  }

  async function ask(expr: string): Promise<number[]> {
    const { data } = await answer('query', { query: expr })
    return (data as { result: { value: [number, string] }[] }).result.map(({ value }) => Number(value[1]))
  }

  async function answer(what: string, parameters: Record<string, string>): Promise<{ data: unknown }> {
    const response = await fetch(`${server.url}/api/v1/${what}?${new URLSearchParams(parameters)}`)
    const said = (await response.json()) as { status: string; error?: string; data: unknown }
    expect(said.error).to.equal(undefined)
    return said
  }
})

function registryOf(cache: Cache): Registry {
  const registry = new Registry()
  prometheus(cache, registry)
  return registry
}

function queryOf(variable: string): string {
  const found = templating.list.find(({ name }) => name === variable)?.query
  return typeof found === 'object' ? found.query : (found ?? '')
}
