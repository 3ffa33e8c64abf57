import type { IncomingMessage, ServerResponse } from 'node:http'

/** Scheme and host of a request as a framework trusts them, whether or not the framework has seen it yet: the same function for the same settings. */
export type OriginOf = (request: IncomingMessage) => string

/** One request with its response, as an adapter hands it to the pages. */
export interface Exchange<Visit> {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Scheme and host as the framework trusts them: `https://shop.example`. */
  readonly origin: string
  readonly originOf: OriginOf
  /** Path and query as they were sent, before any router took a part of them. */
  readonly url: string
  /** What middleware has made of them, where that is something else: the page is of that, for whatever reason it was made. */
  readonly rewritten: string | undefined
  /** The pattern of the route that handles it, if the framework knows already: `/posts/:id`. */
  readonly route: string | undefined
  /** What a parser that ran before has made of the request's body; `undefined` if none has. */
  readonly parsed: unknown
  /** Hands another request to the whole application, from its first middleware on: for refreshing behind the visitors' backs. */
  readonly deliver: (request: IncomingMessage, response: ServerResponse) => void
  /** What the framework hands to its handlers; given to the functions in a policy. */
  readonly visit: Visit
  /** Where the framework has what a page may depend on, besides the headers of the request. */
  readonly inputs: () => readonly Input[]
}

/** What a page may depend on besides its URL. */
export type InputKind = 'header' | 'cookie' | 'query' | 'user' | 'session'

/** Where something of a request is to be read. */
export interface Input {
  readonly kind: InputKind
  readonly of: object
  readonly property: string
  /** What makes a reading: to get one of its properties by name, to call it with a name, or to get the thing itself. */
  readonly by: 'property' | 'argument' | 'itself'
  /** How a policy would name the thing itself: a function of the visit, in source text. */
  readonly asKey?: string
}
