import { Child } from '../measure/child.js'
import type { Contender, Running } from '../measure/contest.js'
import type { Kind } from './page.js'
import type { ServerState } from './server.js'
import type { Visits } from './visits.js'

export interface PageContender {
  readonly name: string
  readonly framework: 'Express' | 'Koa' | 'Node'
  /** Its name in the framework's table of applications. */
  readonly app: string
  /** @default 'json' */
  readonly kind?: Kind
  /** @default 200 */
  readonly status?: 200 | 304
  /** The cache that answers for the handler, which then makes the page but once. */
  readonly cache?: 'smart-cache' | 'other'
  /** Each request is for a page that was never asked for: kept by the cache that has to make it, if there is one. */
  readonly misses?: boolean
}

/** A server in a process of its own; its visitors in another, so that no server meets visitors who are more practised than another's. */
export function pageContender({ name, framework, app, kind = 'json', status = 200, cache, misses = false }: PageContender): Contender {
  const start = async (): Promise<Running> => {
    const server = new Child<ServerState>(new URL('server.js', import.meta.url), [framework, app, kind, misses ? 'misses' : ''])
    const { port } = await server.ask()
    const visitors = new Child<Visits>(new URL('visits.js', import.meta.url), [
      String(port),
      kind,
      String(status),
      misses ? `${cache ?? 'no'} miss` : (cache ?? ''),
    ])
    const turn: Running['turn'] = async ms => {
      const before = await server.ask()
      const { answers, elapsedUs } = await visitors.ask(ms)
      const after = await server.ask()
      if (misses && after.pagesMade - before.pagesMade < answers) throw new Error(`${name} on ${framework}: a page was not made`)
      if (!misses && cache !== undefined && after.pagesMade > 1)
        throw new Error(`${name} on ${framework}: the page was made again, without a hit`)
      return { operations: answers, cpuUs: after.cpuUs - before.cpuUs, elapsedUs }
    }
    const close = () => {
      visitors.close()
      server.close()
    }
    return { turn, close }
  }
  return { name, start }
}
