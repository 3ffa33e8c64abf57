import type { IncomingMessage, RequestListener } from 'node:http'
import type { Cache } from '../../lib/index.js'
import { checkedOptions, functionOf } from '../../lib/options.js'
import { Front, type Guard } from '../../lib/pages/front.js'
import { listenerOf, standBefore, type Application } from './application.js'

export interface FrontOptions {
  /**
   * Asked before a hit is served in front; anything but `true`, a promise too, leaves the request to the application. It sees Node's own
   * request, which nothing has touched. If it throws, that is announced by the signal `error`, and the application decides.
   * @default every hit is served
   */
  readonly guard?: (request: IncomingMessage) => boolean
}

/**
 * Serves hits before the framework sees the request: of pages whose policy says `front: true`, that are fresh and in this process's memory.
 * Everything else goes to the application untouched, and whatever holds for hits inside it holds here: purges, variants, conditions, gates.
 * What is mounted before the policy, and what it would put on the response, is skipped by hits. A page is kept for the front only if its
 * request reached the policy with the URL, the origin and the headers with which it came.
 * @param app an Express application, a Koa application, or any listener around one; `smartCache()` in it has the same `cache`
 * @throws {ConfigError}
 * @example http.createServer(inFront(cache, app)).listen(3000)
 */
export function inFront(cache: Cache, app: Application, options?: FrontOptions): RequestListener {
  const { guard } = checkedOptions(options, 'inFront()', ['guard'])
  const front = new Front(cache, functionOf(guard, 'guard') as Guard | undefined)
  const listener = listenerOf(app)
  return standBefore(app, (request, response) => front.handle(request, response, () => listener(request, response)))
}
