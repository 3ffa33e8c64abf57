import http, { type Server, type ServerOptions } from 'node:http'
import { listenerOf, prototypesOf, type Application } from './application.js'

/**
 * A server for an Express application that costs it about a third. Express gives each request and response the prototypes of the
 * application, and an object whose prototype is changed is slow from then on; here they are made with those prototypes, so that
 * there is nothing to change. What the application sees and does is the same. For other applications it is `http.createServer`.
 * @param app may be behind `inFront()`; other wrappers hide the application
 * @example createServer(inFront(cache, app)).listen(3000)
 */
export function createServer(app: Application, options: Omit<ServerOptions, 'IncomingMessage' | 'ServerResponse'> = {}): Server {
  const listener = listenerOf(app)
  const prototypes = prototypesOf(app)
  if (prototypes === undefined) return http.createServer(options, listener)
  const IncomingMessage = withPrototype(http.IncomingMessage, prototypes.request)
  const ServerResponse = withPrototype(http.ServerResponse, prototypes.response)
  return http.createServer({ ...options, IncomingMessage, ServerResponse }, listener)
}

/**
 * A constructor that makes what `Base` makes, with another prototype: one that inherits from that of `Base`. Called, and not by
 * `Reflect.construct`, which would give each object a hidden class of its own: what this is to prevent.
 */
function withPrototype<Base extends abstract new (...args: never[]) => object>(Base: Base, prototype: object): Base {
  const construct = Base as unknown as (this: object, ...args: unknown[]) => void
  function Made(this: object, ...args: unknown[]): void {
    construct.apply(this, args)
  }
  Made.prototype = prototype
  return Made as unknown as Base
}
