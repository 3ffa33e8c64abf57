import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { send, type Answer } from './answer.js'

/** Who watches a response on its way out. */
export interface ResponseObserver {
  /**
   * The head is about to leave; headers may still be changed. `whole` is the body, if all of it is known by now. What is returned, if
   * anything, answers in the stead of the handler, whose own output then goes nowhere.
   */
  head(whole: Buffer | undefined): Answer | undefined
  /** A part of the body, in a copy. */
  chunk(bytes: Buffer): void
  /** The handler has ended the response: the body is complete. */
  end(): void
}

type AnyFunction = (...args: unknown[]) => unknown

/**
 * Watches what is written to a response. The client gets every byte when and as it would without: `write()` returns what the socket says,
 * and `'drain'`, headers, trailers and errors are Node's own.
 * @returns a function that ends the watch, and lets everything pass as if it had never been
 */
export function observe(response: ServerResponse, observer: ResponseObserver): () => void {
  const original = { writeHead: response.writeHead, write: response.write, end: response.end }
  let state: 'head' | 'body' | 'muted' | 'over' = 'head'

  const release = () => {
    if (response.writeHead === writeHead) response.writeHead = original.writeHead
    if (response.write === write) response.write = original.write
    if (response.end === end) response.end = original.end
  }
  const openHead = (whole: Buffer | undefined) => {
    if (state !== 'head') return
    state = 'body'
    const instead = observer.head(whole)
    if (instead === undefined) return
    state = 'muted'
    if (whole !== undefined) finish(whole)
    Object.assign(response, original)
    send(response, instead)
  }
  const finish = (last: Buffer | undefined) => {
    if (last !== undefined && last.length > 0) observer.chunk(last)
    observer.end()
  }

  const writeHead = function (this: ServerResponse, status: number, ...rest: unknown[]) {
    if (state === 'muted') return response
    if (state !== 'head' || response.headersSent) return (original.writeHead as AnyFunction).call(response, status, ...rest)
    applyHead(response, status, rest)
    openHead(undefined)
    return responseIsAnswered() ? response : (original.writeHead as AnyFunction).call(response, response.statusCode)
  } as ServerResponse['writeHead']

  const write = function (chunk: unknown, ...rest: unknown[]) {
    openHead(undefined)
    if (responseIsAnswered()) return true
    const bytes = state === 'body' ? copied(chunk, rest[0]) : undefined
    if (bytes !== undefined) observer.chunk(bytes)
    return (original.write as AnyFunction).call(response, chunk, ...rest)
  } as ServerResponse['write']

  const end = function (...args: unknown[]) {
    const [chunk, encoding] = typeof args[0] === 'function' ? [] : args
    const last = chunk === undefined || chunk === null ? Buffer.alloc(0) : copied(chunk, encoding)
    if (state === 'head') openHead(last)
    if (responseIsAnswered()) return answeredEnd(response, args)
    if (state === 'body') {
      state = 'over'
      finish(last)
    }
    return (original.end as AnyFunction).call(response, ...args)
  } as ServerResponse['end']

  const responseIsAnswered = () => state === 'muted'
  Object.assign(response, { writeHead, write, end })
  return () => {
    if (state !== 'muted') state = 'over'
    release()
  }
}

/** The handler's own end, when another answer was sent in its stead: only its callback is left to be served. */
function answeredEnd(response: ServerResponse, args: readonly unknown[]): ServerResponse {
  const callback = args.find(argument => typeof argument === 'function')
  if (callback !== undefined) response.once('finish', callback as () => void)
  return response
}

/** Gives `writeHead`'s arguments to the response as headers, so that there is one place to read them from. */
function applyHead(response: ServerResponse, status: number, rest: readonly unknown[]): void {
  const [first] = rest
  response.statusCode = status
  if (typeof first === 'string') response.statusMessage = first
  const headers = (typeof first === 'string' ? rest[1] : first) as OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined
  if (Array.isArray(headers)) applyList(response, headers)
  else for (const [name, value] of Object.entries(headers ?? {})) if (name !== '') response.setHeader(name, value as string)
}

/** A flat list may repeat a name; it overrides what had been set before. */
function applyList(response: ServerResponse, flat: readonly OutgoingHttpHeader[]): void {
  for (let at = 0; at < flat.length; at += 2) response.removeHeader(String(flat[at]))
  for (let at = 0; at < flat.length; at += 2) response.appendHeader(String(flat[at]), flat[at + 1] as string)
}

/** A handler may use its buffer again once it was written, so the kept bytes are a copy. */
function copied(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string') return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined
}
