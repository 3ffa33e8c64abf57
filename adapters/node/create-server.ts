import { createServer as createHttpServer, IncomingMessage, ServerResponse, type Server, type ServerOptions } from 'node:http'
import { listenerOf, prototypesOf, type Application } from './application.js'

/**
 * A server for an Express application that costs it about a third. Express gives each request and response the prototypes of the
 * application, and an object whose prototype is changed is slow from then on; here they are made with those prototypes, so that
 * there is nothing to change. What the application sees and does is the same. For other applications it is `http.createServer`.
 * @param app may be behind `inFront()`; other wrappers hide the application
 * @example createServer(inFront(cache, app)).listen(3000)
 */
export function createServer(app: Application, options: ServerOptions = {}): Server {
  const prototypes = prototypesOf(app)
  const listener = listenerOf(app)
  if (prototypes === undefined) return createHttpServer(options, listener)
  const { request, response } = prototypes
  const classes = {
    IncomingMessage: withPrototype(options.IncomingMessage ?? IncomingMessage, request),
    ServerResponse: withPrototype(options.ServerResponse ?? ServerResponse, response),
  }
  return createHttpServer({ ...options, ...classes }, listener)
}

type Constructor = new (...args: never[]) => object

/** A constructor that makes what `Base` makes, with another prototype: one that inherits from that of `Base`. */
function withPrototype<Base extends Constructor>(Base: Base, prototype: object): Base {
  function Made(...args: unknown[]): object {
    return Reflect.construct(Base, args, Made) as object
  }
  Made.prototype = prototype
  return Made as unknown as Base
}
