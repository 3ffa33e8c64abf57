import type { Context, Middleware } from 'koa'
import { siteOf } from '../../lib/pages/site.js'
import { answerIfFresh, type Validators } from '../../lib/responses/validators.js'
import { show } from './show.js'
import { requiredFunction } from '../../lib/options.js'

/**
 * Says what validates the answer that a handler is about to make, before the work: sets `ETag` and `Last-Modified`, and answers a visitor who
 * has what they validate with 304. Other methods than GET and HEAD get the fields alone.
 *
 * Under a `cachePage` the handler is asked for the whole page, so it is never answered here; visitors get their 304 from the kept page.
 * @returns whether the request is answered
 * @throws {ConfigError} for what is no instant, or if `smartCache()` is not mounted before; {KeyError} for an `etag` of more than plain data
 * @example if (fresh(ctx, { etag: [post.id, post.version] })) return
 */
export function fresh(context: Context, validators: Validators): boolean {
  const answer = answerIfFresh(context.req, context.res, validators, siteOf(context.cache, 'fresh()').now)
  if (answer !== undefined) show(context, answer)
  return answer !== undefined
}

/**
 * Answers with 304 before the handler runs, where what it would answer has not changed since the visitor got it. `read` is a cheap question, such
 * as for one column; what it returns is sent as `Last-Modified`, unless that is less than a second ago.
 * @example router.get('/posts/:id', lastModified(ctx => posts.updatedAt(ctx.params.id)), show)
 */
export function lastModified(read: (context: Context) => Promise<Validators['lastModified']> | Validators['lastModified']): Middleware {
  requiredFunction(read, 'read')
  return validating(async context => ({ lastModified: await read(context) }))
}

/**
 * The same by an entity tag: one as HTTP writes it, or plain data that changes whenever the answer does, of which a weak tag is made.
 * @example router.get('/posts/:id', etagOf(ctx => posts.versionOf(ctx.params.id)), show)
 */
export function etagOf(read: (context: Context) => unknown): Middleware {
  requiredFunction(read, 'read')
  return validating(async context => ({ etag: await read(context) }))
}

function validating(read: (context: Context) => Promise<Validators>): Middleware {
  return async (context, next) => {
    const asked = context.method === 'GET' || context.method === 'HEAD'
    if (!asked || !fresh(context, await read(context))) await next()
  }
}
