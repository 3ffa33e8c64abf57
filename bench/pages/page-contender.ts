import { Child } from '../measure/child.js'
import type { Contender, Running } from '../measure/contest.js'
import { probe } from './probe.js'
import type { ServerState } from './server.js'
import { Visitor } from './visitors.js'

export const CONNECTIONS = 50

export interface PageContender {
  readonly name: string
  readonly framework: 'Express' | 'Koa' | 'Node'
  /** Its name in the framework's table of applications. */
  readonly app: string
  /** @default 200 */
  readonly status?: 200 | 304
  /** Whether the page is made once, by a handler behind a cache. */
  readonly cached?: 'smart-cache' | 'other'
}

/** A server in a process of its own, and the visitors that ask it in its turns. */
export function pageContender({ name, framework, app, status = 200, cached }: PageContender): Contender {
  const start = async (): Promise<Running> => {
    const child = new Child<ServerState>(new URL('server.js', import.meta.url), [framework, app])
    const { port } = await child.ask()
    const errand = await probe(port, { status, cacheStatus: cached === 'smart-cache' ? /^smart-cache; hit; ttl=\d+$/ : undefined })
    const visitors = await Promise.all(Array.from({ length: CONNECTIONS }, () => Visitor.arrive(port, errand)))
    return {
      turn: async ms => {
        const before = await child.ask()
        const begin = performance.now()
        const answers = await Promise.all(visitors.map(visitor => visitor.askUntil(begin + ms)))
        const elapsedUs = (performance.now() - begin) * 1000
        const after = await child.ask()
        if (cached !== undefined && after.pagesMade > 1)
          throw new Error(`${framework}, ${name}: the page was made again, so not every answer was a hit`)
        return { operations: answers.reduce((sum, count) => sum + count, 0), cpuUs: after.cpuUs - before.cpuUs, elapsedUs }
      },
      close: () => {
        for (const visitor of visitors) visitor.leave()
        child.close()
      },
    }
  }
  return { name, start }
}
