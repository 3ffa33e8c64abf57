import type { ServerResponse } from 'node:http'
import { send, type Answer } from './answer.js'
import { applyHead } from './apply-head.js'
import { HoleWriter } from './hole-writer.js'
import { holedOf, type HoledBody } from './holed-response.js'
import { uponClose } from './upon-close.js'

/** Who watches a response on its way out. */
export interface ResponseObserver {
  /**
   * The head is about to leave; headers may still be changed. `whole` is the body, if all of it is known by now. What is returned, if
   * anything, answers in the stead of the handler, whose own output then goes nowhere.
   */
  head(whole: Buffer | undefined): Answer | undefined
  /** A part of the body, in a copy. */
  chunk(bytes: Buffer): void
  /** Trailers are to follow the body. */
  trailers(): void
  /** The handler has ended the response: the body is complete. */
  end(): void
}

/** A watch over one response. */
export interface Watch {
  /** Whether somebody has wrapped the response since, who may yet add to its head. */
  isWrapped(): boolean
  /** Does it see what the handler writes as it was written? */
  isNext(): boolean
  /** Ends the watch, and lets everything pass as if it had never been. */
  release(): void
}

type AnyFunction = (...args: unknown[]) => unknown

const watches = new WeakMap<ServerResponse, Watch>()

/** The watch over a response that was begun last. */
export function watchOf(response: ServerResponse): Watch | undefined {
  return watches.get(response)
}

/**
 * Watches what is written to a response. The client gets every byte when and as it would without: `write()` returns what the socket says,
 * and `'drain'`, headers, trailers and errors are Node's own.
 */
export function observe(response: ServerResponse, observer: ResponseObserver): Watch {
  const original = { writeHead: response.writeHead, write: response.write, end: response.end, addTrailers: response.addTrailers }
  let state: 'head' | 'body' | 'muted' | 'over' = 'head'
  let known: Buffer | undefined
  let holes: { readonly fill: () => void; readonly body: HoledBody; readonly writer: HoleWriter } | undefined

  /** The head leaves. Who has wrapped `writeHead` further in, to add to it at the last moment, does so before it is judged. */
  const openHead = (whole: Buffer | undefined) => {
    if (state !== 'head') return
    known = whole
    if (response.writeHead === writeHead) judgeHead()
    else response.writeHead(response.statusCode)
  }
  const judgeHead = () => {
    state = 'body'
    const instead = observer.head(beginHoles() ? undefined : known)
    if (instead === undefined) {
      holes?.fill()
      return
    }
    state = 'muted'
    const wrapped = { writeHead: response.writeHead, write: response.write, end: response.end }
    Object.assign(response, original)
    send(response, instead)
    // The handler may not have done yet.
    Object.assign(response, wrapped)
    if (known !== undefined) finish(known)
  }
  /** Holes are filled by the watch that is next to the handler. */
  const beginHoles = () => {
    const holed = watches.get(response) === watch ? holedOf(response) : undefined
    if (holed === undefined || holed.begun) return false
    const body = holed.begin(response, known)
    const writeOn = (bytes: Buffer) => (original.write as AnyFunction).call(response, bytes) === true
    holes = { fill: () => holed.fill(), body, writer: new HoleWriter(response, writeOn, holed.drained) }
    return true
  }
  const finish = (last: Buffer | undefined) => {
    if (last !== undefined && last.length > 0) observer.chunk(last)
    observer.end()
  }

  const writeHead = function (this: ServerResponse, status: number, ...rest: unknown[]) {
    if (isMuted()) return response
    if (state !== 'head' || response.headersSent) return (original.writeHead as AnyFunction).call(response, status, ...rest)
    applyHead(response, status, rest)
    if (known !== undefined) announceLength(response, known)
    judgeHead()
    return isMuted() ? response : (original.writeHead as AnyFunction).call(response, response.statusCode)
  } as ServerResponse['writeHead']

  const write = function (chunk: unknown, ...rest: unknown[]) {
    openHead(undefined)
    if (isMuted()) return mutedWrite(rest)
    const bytes = state === 'body' ? copied(chunk, rest[0]) : undefined
    if (holes !== undefined && bytes !== undefined) return writeHoled(holes, bytes, rest)
    if (bytes !== undefined) observer.chunk(bytes)
    return (original.write as AnyFunction).call(response, chunk, ...rest)
  } as ServerResponse['write']

  const end = function (...args: unknown[]) {
    const [chunk, encoding] = typeof args[0] === 'function' ? [] : args
    const last = chunk === undefined || chunk === null ? Buffer.alloc(0) : copied(chunk, encoding)
    openHead(last)
    if (isMuted()) return mutedEnd(response, args)
    if (holes !== undefined && state === 'body') return endHoled(holes, last ?? Buffer.alloc(0), args)
    const isLast = state === 'body'
    if (isLast) state = 'over'
    const ended = (original.end as AnyFunction).call(response, ...args)
    // Mostly the head has left by now, and nobody has to wait for it.
    if (isLast) finish(last)
    return ended
  } as ServerResponse['end']

  const writeHoled = ({ body, writer }: NonNullable<typeof holes>, bytes: Buffer, rest: readonly unknown[]) => {
    const { kept, sent } = body.next(bytes, false)
    for (const piece of kept) observer.chunk(piece)
    afterwards(rest)
    return writer.write(sent)
  }
  const endHoled = ({ body, writer }: NonNullable<typeof holes>, bytes: Buffer, args: readonly unknown[]) => {
    state = 'over'
    const { kept, sent } = body.next(bytes, true)
    for (const piece of kept) observer.chunk(piece)
    observer.end()
    const callback = args.find(argument => typeof argument === 'function')
    writer.end(sent, () => (original.end as AnyFunction).call(response, ...(callback === undefined ? [] : [callback])))
    return response
  }

  const addTrailers: ServerResponse['addTrailers'] = trailers => {
    observer.trailers()
    original.addTrailers.call(response, trailers)
  }

  const isMuted = () => state === 'muted'
  const watching = { writeHead, write, end, addTrailers }
  Object.assign(response, watching)
  const watch: Watch = {
    // No getter: V8 gives an object that is written down with one a hidden class of its own, which keeps all that the getter can reach.
    isWrapped: () => response.writeHead !== writeHead,
    isNext: () => response.write === write && response.end === end,
    release() {
      if (!isMuted()) state = 'over'
      for (const name of ['writeHead', 'write', 'end', 'addTrailers'] as const) {
        if (response[name] === watching[name]) Object.assign(response, { [name]: original[name] })
      }
    },
  }
  watches.set(response, watch)
  uponClose(response, () => watches.delete(response))
  return watch
}

/** What the handler still writes, when another answer was sent in its stead, goes nowhere; but whoever waits for it is told. */
function mutedWrite(rest: readonly unknown[]): true {
  afterwards(rest)
  return true
}

function afterwards(rest: readonly unknown[]): void {
  const callback = rest.find(argument => typeof argument === 'function')
  if (callback !== undefined) process.nextTick(callback)
}

function mutedEnd(response: ServerResponse, args: readonly unknown[]): ServerResponse {
  const callback = args.find(argument => typeof argument === 'function') as (() => void) | undefined
  if (callback !== undefined && response.writableFinished) process.nextTick(callback)
  else if (callback !== undefined) response.once('finish', callback)
  return response
}

/** As Node does for a body that it is given at once. */
function announceLength(response: ServerResponse, { length }: Buffer): void {
  const { statusCode } = response
  const bodiless = statusCode < 200 || statusCode === 204 || statusCode === 304
  if (!bodiless && !response.hasHeader('content-length') && !response.hasHeader('transfer-encoding')) {
    response.setHeader('Content-Length', length)
  }
}

/** A handler may use its buffer again once it was written, so the kept bytes are a copy. */
function copied(chunk: unknown, encoding: unknown): Buffer | undefined {
  if (typeof chunk === 'string') return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8')
  return chunk instanceof Uint8Array ? Buffer.from(chunk) : undefined
}
