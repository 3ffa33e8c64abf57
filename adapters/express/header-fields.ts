import type { RequestHandler } from 'express'
import { addVary, cacheControlField, checkedFieldNames, type CacheControlOptions } from '../../lib/responses/header-fields.js'

/**
 * Tells the caches between here and the reader how to treat the response. What it forbids them, such as `private`, is not kept here either.
 * @throws {ConfigError}
 * @example app.get('/logo', cacheControl({ public: true, maxAge: '7d', immutable: true }), logo)
 */
export function cacheControl(options: CacheControlOptions): RequestHandler {
  const field = cacheControlField(options)
  return (_request, response, next) => {
    response.setHeader('Cache-Control', field)
    next()
  }
}

/** Nobody keeps the response: no browser, no proxy, and not this cache. */
export function neverCache(): RequestHandler {
  return cacheControl({ noStore: true })
}

/** The response depends on these request headers: each combination of their values is a page of its own. */
export function varyOnHeaders(...names: readonly string[]): RequestHandler {
  const checked = checkedFieldNames(names)
  return (_request, response, next) => {
    addVary(response, checked)
    next()
  }
}

/** The response depends on the `Cookie` header as a whole. To vary on some cookies only, name them in the policy: `vary: { cookies: ['session'] }`. */
export function varyOnCookie(): RequestHandler {
  return varyOnHeaders('Cookie')
}
