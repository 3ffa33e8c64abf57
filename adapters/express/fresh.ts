import type { Request, RequestHandler, Response } from 'express'
import { send } from '../../lib/responses/answer.js'
import { siteOf } from '../../lib/pages/site.js'
import { answerIfFresh, type Validators } from '../../lib/responses/validators.js'
import { requiredFunction } from '../../lib/options.js'

/**
 * Says what validates the answer that a handler is about to make, before the work: sets `ETag` and `Last-Modified`, and answers a visitor who
 * has what they validate with 304. Other methods than GET and HEAD get the fields alone.
 *
 * Under a `cachePage` the handler is asked for the whole page, so it is never answered here; visitors get their 304 from the kept page.
 * @returns whether the request is answered
 * @throws {ConfigError} for what is no instant, or if `smartCache()` is not mounted before; {KeyError} for an `etag` of more than plain data
 * @example if (fresh(req, res, { etag: [post.id, post.version] })) return
 */
export function fresh(request: Request, response: Response, validators: Validators): boolean {
  const answer = answerIfFresh(request, response, validators, siteOf(request.cache, 'fresh()').now)
  if (answer !== undefined) send(response, answer)
  return answer !== undefined
}

/**
 * Answers with 304 before the handler runs, where what it would answer has not changed since the visitor got it. `read` is a cheap question, such
 * as for one column; what it returns is sent as `Last-Modified`, unless that is less than a second ago.
 * @example app.get('/posts/:id', lastModified(req => posts.updatedAt(req.params.id)), show)
 */
export function lastModified(read: (request: Request) => Promise<Validators['lastModified']> | Validators['lastModified']): RequestHandler {
  requiredFunction(read, 'read')
  return validating(async request => ({ lastModified: await read(request) }))
}

/**
 * The same by an entity tag: one as HTTP writes it, or plain data that changes whenever the answer does, of which a weak tag is made.
 * @example app.get('/posts/:id', etagOf(req => posts.versionOf(req.params.id)), show)
 */
export function etagOf(read: (request: Request) => unknown): RequestHandler {
  requiredFunction(read, 'read')
  return validating(async request => ({ etag: await read(request) }))
}

function validating(read: (request: Request) => Promise<Validators>): RequestHandler {
  return async (request, response, next) => {
    const asked = request.method === 'GET' || request.method === 'HEAD'
    if (!asked || !fresh(request, response, await read(request))) next()
  }
}
