import { hash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { canonical } from '../keys/canonical.js'
import type { Exchange } from './exchange.js'
import { peekBody } from './peek-body.js'

/** Methods that a policy may keep answers to. */
export const KEEPABLE_METHODS = ['GET', 'HEAD', 'QUERY', 'POST'] as const

/** The longest body that is looked up by: nobody asks so much, and the digest of more would cost more than it saves. */
const MAX_BYTES = 128 * 1024

/** What requests ask by their body: a digest. */
const questions = new WeakMap<IncomingMessage, string>()
const asking = new WeakSet<IncomingMessage>()

/** Does a request with this method ask by its body? */
export function asksByBody({ method }: { readonly method?: string | undefined }): boolean {
  return method !== 'GET' && method !== 'HEAD'
}

/** A policy's word that requests with these methods change nothing. */
export function declareAsking(request: IncomingMessage, methods: ReadonlySet<string>): void {
  if (asksByBody(request) && methods.has(request.method ?? '')) asking.add(request)
}

/** Has a policy given its word that the request changes nothing, whatever its method promises? */
export function onlyAsks(request: IncomingMessage): boolean {
  return asking.has(request)
}

/** What the request asks by its body; `undefined` before that has been read. */
export function questionOf(request: IncomingMessage): string | undefined {
  return questions.get(request)
}

/**
 * Reads what the request asks by its body: the bytes, or what a parser has made of them that was mounted before. The bytes are there for who
 * reads them next.
 * @returns whether that is known: not of a body that is too long, breaks off, or was read by somebody who left nothing
 */
export async function readQuestion<Visit>({ request, parsed }: Exchange<Visit>): Promise<boolean> {
  const { method, headers } = request
  if (Number(headers['content-length'] ?? 0) > MAX_BYTES) return false
  const body = request.readableDidRead ? digestOfParsed(parsed, headers['content-type']) : digestOf(await peekBody(request, MAX_BYTES))
  if (body === undefined) return false
  const about = [headers['content-type'], headers['content-encoding'], headers['content-language']]
  questions.set(request, hash('sha256', canonical([method, ...about, body]), 'base64url'))
  return true
}

function digestOf(bytes: Buffer | undefined): string | undefined {
  return bytes && `bytes ${hash('sha256', bytes, 'base64url')}`
}

/** A handler may well read the order of names in what was parsed. Of forms with files parsers leave the files elsewhere. */
function digestOfParsed(parsed: unknown, type: string | undefined): string | undefined {
  if (parsed === undefined || /^\s*multipart\//i.test(type ?? '')) return undefined
  if (Buffer.isBuffer(parsed)) return digestOf(parsed)
  try {
    return `parsed ${hash('sha256', canonical([parsed, JSON.stringify(parsed)]), 'base64url')}`
  } catch {
    // More than plain data.
    return undefined
  }
}
