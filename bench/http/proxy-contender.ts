import { Child } from '../measure/child.js'
import type { Contender, Running } from '../measure/contest.js'
import type { Kind } from '../pages/page.js'
import type { ServerState } from '../pages/server.js'
import type { Visits } from '../pages/visits.js'
import { binaryOf, type Proxy } from './proxies.js'
import { cpuUsOf } from './usage.js'

/** A proxy with its cache, before an origin on Node that it asks but once. */
export function proxyContender(proxy: Proxy, kind: Kind, status: 200 | 304): Contender {
  const start = async (): Promise<Running> => {
    const origin = new Child<ServerState>(new URL('../pages/server.js', import.meta.url), ['Node', 'origin', kind])
    const { port } = await origin.ask()
    const server = await proxy.start(await binaryOf(proxy), port)
    const visitors = new Child<Visits>(new URL('../pages/visits.js', import.meta.url), [String(server.port), kind, String(status), 'other'])
    const used = () => cpuUsOf(server.pid ?? 0)
    const turn: Running['turn'] = async ms => {
      const before = used()
      const { answers, elapsedUs } = await visitors.ask(ms)
      return { operations: answers, cpuUs: used() - before, elapsedUs }
    }
    const close = () => {
      visitors.close()
      origin.close()
      void server.stop()
    }
    return { turn, close }
  }
  return { name: proxy.name, start }
}
