import type { RequestListener } from 'node:http'
import { ConfigError, shown } from '../../lib/errors.js'

/** What can stand behind a server: an Express application, a Koa application, or any listener, such as `app.callback()`. */
export type Application = RequestListener | { callback(): RequestListener }

/** An Express application brings the prototypes that it gives to each request and response. */
interface WithPrototypes {
  readonly request: object
  readonly response: object
}

/** @throws {ConfigError} for what is none */
export function listenerOf(app: Application): RequestListener {
  if (typeof app === 'function') return app
  if (typeof app === 'object' && app !== null && typeof app.callback === 'function') return app.callback()
  throw new ConfigError(`Expected an Express or Koa application, or a listener, got ${shown(app)}`)
}

const behind = new WeakMap<RequestListener, Application>()

/** Notes which application is behind a listener that has been made of it. */
export function standBefore(app: Application, listener: RequestListener): RequestListener {
  behind.set(listener, app)
  return listener
}

/** The prototypes of an Express application, also of one behind other listeners. */
export function prototypesOf(app: Application): WithPrototypes | undefined {
  const { request, response } = app as Partial<WithPrototypes>
  if (typeof app === 'function' && isObject(request) && isObject(response)) return { request, response }
  const inner = typeof app === 'function' ? behind.get(app) : undefined
  return inner && prototypesOf(inner)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
