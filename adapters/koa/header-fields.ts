import type { Middleware } from 'koa'
import { addVary, cacheControlField, checkedFieldNames, type CacheControlOptions } from '../../lib/responses/header-fields.js'

/**
 * Tells the caches between here and the reader how to treat the response. What it forbids them, such as `private`, is not kept here either.
 * @throws {ConfigError}
 * @example router.get('/logo', cacheControl({ public: true, maxAge: '7d', immutable: true }), logo)
 */
export function cacheControl(options: CacheControlOptions): Middleware {
  const field = cacheControlField(options)
  return (context, next) => {
    context.set('Cache-Control', field)
    return next()
  }
}

/** Nobody keeps the response: no browser, no proxy, and not this cache. */
export function neverCache(): Middleware {
  return cacheControl({ noStore: true })
}

/** The response depends on these request headers: each combination of their values is a page of its own. */
export function varyOnHeaders(...names: readonly string[]): Middleware {
  const checked = checkedFieldNames(names)
  return (context, next) => {
    addVary(context.res, checked)
    return next()
  }
}

/** The response depends on the `Cookie` header as a whole. To vary on some cookies only, name them in the policy: `vary: { cookies: ['session'] }`. */
export function varyOnCookie(): Middleware {
  return varyOnHeaders('Cookie')
}
