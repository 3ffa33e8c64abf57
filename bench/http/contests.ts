import { ServerUnavailable } from '../../test/servers/server-unavailable.js'
import type { Contender, Contest } from '../measure/contest.js'
import type { Kind } from '../pages/page.js'
import { pageContender, type PageContender } from '../pages/page-contender.js'
import { binaryOf, nginx, varnish, type Proxy } from './proxies.js'
import { proxyContender } from './proxy-contender.js'

interface Round {
  readonly title: string
  readonly kind: Kind
  readonly status: 200 | 304
  readonly warmAfter: number
}

const ROUNDS: readonly Round[] = [
  { title: '1 KiB of JSON', kind: 'json', status: 200, warmAfter: 5000 },
  { title: '304 Not Modified', kind: 'json', status: 304, warmAfter: 5000 },
  { title: '100 KiB of HTML', kind: 'html', status: 200, warmAfter: 2000 },
  { title: '1 MiB', kind: 'binary', status: 200, warmAfter: 500 },
]

/** A hit from everybody who might keep the page, beside Node that writes it out at once. Who cannot be had is left out, and told to `without`. */
export async function httpContests(without: (notice: string) => void): Promise<readonly Contest[]> {
  const proxies: Proxy[] = []
  for (const proxy of [nginx, varnish]) {
    try {
      await binaryOf(proxy)
      proxies.push(proxy)
    } catch (error) {
      if (!(error instanceof ServerUnavailable)) throw error
      without(`Without ${proxy.name}: ${error.message}`)
    }
  }
  return ROUNDS.map(round => contest(round, proxies))
}

function contest({ title, kind, status, warmAfter }: Round, proxies: readonly Proxy[]): Contest {
  const on = (framework: PageContender['framework']) => (name: string, app: string, cache?: PageContender['cache']) =>
    pageContender({
      name: framework === 'Node' ? name : `${framework}: ${name}`,
      framework,
      app,
      kind,
      status,
      ...(cache === undefined ? {} : { cache }),
    })
  const [node, express, koa] = [on('Node'), on('Express'), on('Koa')]
  const others: readonly Contender[] =
    status === 304
      ? []
      : [express('apicache', 'apicache site', 'other'), koa('not cached', 'no cache'), koa('koa-cash', 'koa-cash', 'other')]
  return {
    title,
    unit: 'request',
    warmAfter,
    heats: [
      {
        title: '50 connections',
        contenders: [
          node('node:http, no framework', status === 304 ? 'raw 304' : 'raw'),
          express('smart-cache in front', 'front', 'smart-cache'),
          koa('smart-cache in front', 'front', 'smart-cache'),
          ...proxies.map(proxy => proxyContender(proxy, kind, status)),
          koa('smart-cache', 'site', 'smart-cache'),
          express('smart-cache, matched server', 'site, matched', 'smart-cache'),
          express('smart-cache', 'site', 'smart-cache'),
          express('not cached', 'no cache'),
          express('not cached, matched server', 'no cache, matched'),
          ...others,
        ],
      },
    ],
  }
}
