import { pipeline, Readable, Transform } from 'node:stream'
import type { Context } from 'koa'
import type { ResponseRecorder } from '../../lib/responses/response-recorder.js'

/** The bytes that Koa will make of the context's body, where they are at hand. */
export function bytesAtHand({ body, response }: Context): Buffer | undefined {
  if (body === null || body === undefined) return explicitlyEmpty(response) ? Buffer.alloc(0) : undefined
  if (typeof body === 'string') return Buffer.from(body)
  if (Buffer.isBuffer(body)) return Buffer.from(body)
  return comesInParts(body) ? undefined : Buffer.from(JSON.stringify(body))
}

/** Gives Koa the bytes that it would make of the body once more. Whoever looks at the body from now on finds these. */
export function bringBytes(context: Context, bytes: Buffer): void {
  const { body, res, response } = context
  const isMade = body === null || body === undefined || Buffer.isBuffer(body) || comesInParts(body)
  // Koa gives a body without a type one, and without a status.
  if (!isMade && res.hasHeader('content-type') && hasStatus(response)) context.body = bytes
}

/** Copies a body that comes in parts, as it passes. The reader sets the pace, and an error reaches Koa as it would without. */
export function recordStream(context: Context, body: InParts, recording: ResponseRecorder): void {
  const stream = streamOf(body)
  // Without the field, Koa takes the length of a web stream for that of its JSON.
  const length = context.res.hasHeader('Content-Length') ? context.length : undefined
  const copier = new Transform({
    transform: (chunk: Buffer | string, encoding, done) => {
      recording.chunk(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk))
      done(null, chunk)
    },
    flush: done => {
      recording.end()
      done()
    },
  })
  pipeline(stream, copier, error => {
    if (error) recording.abandon('stream')
  })
  context.body = copier
  // Koa takes the length away with the body it belonged to; it is still that of this one.
  if (length !== undefined && !context.res.hasHeader('Transfer-Encoding')) context.length = length
}

type InParts = NodeJS.ReadableStream | Blob | ReadableStream | Response

export function comesInParts(body: unknown): body is InParts {
  if (typeof body !== 'object' || body === null) return false
  return body instanceof Blob || body instanceof ReadableStream || body instanceof Response || typeof (body as Readable).pipe === 'function'
}

/** May be asked once only: a web stream has one reader. */
export function streamOf(body: InParts): Readable {
  if (body instanceof Readable) return body
  if (body instanceof Blob) return Readable.from(body.stream())
  if (body instanceof ReadableStream) return Readable.from(body)
  if (body instanceof Response) return Readable.from(body.body ?? [])
  return new Readable().wrap(body)
}

/** After `ctx.type = 'json'`, `ctx.body = null` is a body and leaves the status alone. */
function hasStatus(response: Context['response']): boolean {
  return (response as { _explicitStatus?: unknown })._explicitStatus === true
}

/** `ctx.body = null` is an empty answer; a body that was never set is Koa's own text for the status. */
function explicitlyEmpty(response: Context['response']): boolean {
  return (response as { _explicitNullBody?: unknown })._explicitNullBody === true
}
