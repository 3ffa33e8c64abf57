import type { IncomingHttpHeaders } from 'node:http'
import type { Exchange } from './exchange.js'
import { CONDITIONS } from './whole-request.js'
import { asksByBody } from './question.js'
import type { PagePolicy } from './page-policy.js'
import { variesByCredentials } from './vary.js'

/** Methods that promise to change nothing (RFC 9110, 9.2.1). */
const SAFE: ReadonlySet<string | undefined> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'QUERY'])

export function isUnsafe(method: string | undefined): boolean {
  return !SAFE.has(method)
}

/** May this request be answered from the cache, and its answer be kept? Why not, or `undefined` if it may. */
export function whyNotLook<Visit>({ request, visit }: Exchange<Visit>, policy: PagePolicy<Visit>): string | undefined {
  const { method, headers, httpVersionMajor } = request
  const keeps = policy.methods === undefined ? method === 'GET' || method === 'HEAD' : policy.methods.has(method ?? '')
  if (!keeps) return 'method'
  const byBody = policy.methods !== undefined && asksByBody(request)
  // Node's response for HTTP/2 is another class, with other ways to write a head.
  if (httpVersionMajor > 1) return 'http-version'
  if (headers.authorization !== undefined && !variesByCredentials(policy.vary)) return 'authorization'
  if (!byBody && hasBody(headers)) return 'body'
  // Of an unsafe method they ask for something else than a 304 (RFC 9110, 13.1).
  if (byBody && isUnsafe(method) && CONDITIONS.some(name => headers[name] !== undefined)) return 'condition'
  if (headers.upgrade !== undefined) return 'upgrade'
  if (overridesMethod(headers)) return 'method-override'
  // JavaScript has more truths than one, and a promise is one of them.
  return policy.unless?.(visit) ? 'unless' : undefined
}

function hasBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
}

function overridesMethod(headers: IncomingHttpHeaders): boolean {
  const { 'x-http-method-override': override, 'x-http-method': method, 'x-method-override': other } = headers
  return override !== undefined || method !== undefined || other !== undefined
}
