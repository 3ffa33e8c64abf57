import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import etagOf from 'etag'
import type { Policy } from '../cache/policy.js'
import { mergedVary, type Answer } from './answer.js'
import { isEncodable } from './encodings.js'
import { fieldSent, fieldText, hasDigest } from '../http/field-text.js'
import { keptHead, ownHeaders, type KeptPage } from './kept-page.js'
import { lifespanOf, termsOf } from './lifespan.js'
import type { Arrival } from '../http/lifetime.js'
import { weakenIfEncoded } from './outer-encoding.js'
import { declaredVary, isPersonal, policyFor, type PagePolicy } from './page-policy.js'
import { judgeHead, varyNames, type Keeping } from '../http/response-gate.js'
import type { Teller } from './told.js'

/** What is known of a page once its head has been found fit to be kept, and its body is yet to come. */
export interface Draft {
  readonly policy: Policy
  readonly page: Omit<KeptPage, 'body' | 'route'>
  /** How long the body is to be, if the head says so. */
  readonly announced: number | undefined
  /** What was put on the head here, for other caches, by names in lower case. */
  readonly told: ReadonlyMap<string, string>
}

/** May the response, whose head is about to leave, be kept? `whole` is its body, if that is known by now. */
export function judgeResponse<Visit>(
  response: ServerResponse,
  before: OutgoingHttpHeaders,
  page: PagePolicy<Visit>,
  whole: Buffer | undefined,
  arrival: Arrival,
): Keeping {
  const status = response.statusCode
  const policy = policyFor(page, status)
  if (policy === undefined) return { keep: false, reason: 'status' }
  if ((whole?.length ?? announcedLength(response) ?? 0) > page.maxBody) return { keep: false, reason: 'max-body' }
  const head = { ...arrival, status, headers: response.getHeaders(), own: ownHeaders(response, before) }
  const keeping = judgeHead(head, termsOf(page, policy))
  return keeping.keep ? { ...keeping, vary: keeping.vary.filter(name => !isEncodersOwn(name, response, before)) } : keeping
}

/** Who encodes further out announces it beforehand: what is kept comes before that, and does not vary with it. */
function isEncodersOwn(name: string, response: ServerResponse, before: OutgoingHttpHeaders): boolean {
  return name === 'accept-encoding' && !response.hasHeader('content-encoding') && varyNames(before['vary']).includes(name)
}

/**
 * The head once more, as it has left: with what middleware outside has to say, and without what was said here for other caches.
 * @param before what the response had been given before the route began, where what was added since may be the route's own
 * @param lesser what was sent in the place of the whole
 */
export function judgeSent<Visit>(
  response: ServerResponse,
  { told, page: { status } }: { readonly told: Draft['told']; readonly page: Pick<KeptPage, 'status'> },
  before: OutgoingHttpHeaders | undefined,
  lesser: Answer | undefined,
  page: PagePolicy<Visit>,
  arrival: Arrival,
): Keeping {
  const headers = { ...response.getHeaders() }
  // With a part of the page `Cache-Control` says `no-transform` as well.
  for (const [name, text] of told) if (fieldText(headers[name]).replace(/, no-transform$/, '') === text) delete headers[name]
  if (lesser !== undefined) delete headers['content-range']
  const own = before === undefined ? {} : ownHeaders(response, before)
  return judgeHead({ ...arrival, status, headers, own }, termsOf(page, policyFor(page, status) ?? page.policy))
}

/** The draft of a page that turns out, as its head leaves, to vary on more. What encodes the bytes then does so after they were copied. */
export function varyingOn(draft: Draft, vary: readonly string[]): { readonly draft: Draft; readonly more: readonly string[] } {
  const known = ['accept-encoding', ...varyNames(draft.page.vary)]
  const more = vary.filter(name => !known.includes(name))
  return { draft: { ...draft, page: { ...draft.page, vary: mergedVary(draft.page.vary, more.join()) } }, more }
}

/** Completes the head of a response that may be kept, and notes what is kept of it. */
export function draftOf<Visit>(
  response: ServerResponse,
  before: OutgoingHttpHeaders,
  page: PagePolicy<Visit>,
  allowed: Keeping & { readonly keep: true },
  whole: Buffer | undefined,
  now: number,
  tell: Teller | undefined,
  tags: Iterable<string>,
): Draft {
  const status = response.statusCode
  const { policy, page: kept } = lifespanOf(page, policyFor(page, status) ?? page.policy, allowed)
  const length = whole?.length ?? announcedLength(response)
  const encodable = page.encodings.length > 0 && isEncodable(response.getHeaders(), length)
  const encoding = encodable ? ['Accept-Encoding'] : []
  const varies = mergedVary(response.getHeader('vary'), [...declaredVary(page), ...allowed.vary, ...encoding].join())
  if (varies !== '') response.setHeader('Vary', varies)
  const ageSeconds = Math.floor((now - (allowed.bornAt ?? now)) / 1000)
  const told = tell?.(ageSeconds, tags, name => response.hasHeader(name)) ?? []
  const said = new Map<string, string>()
  const say = (name: string, text: string) => {
    said.set(name.toLowerCase(), text)
    response.setHeader(name, text)
  }
  if (isPersonal(page) && !response.hasHeader('cache-control') && !told.includes('Cache-Control')) say('Cache-Control', 'private')
  if (whole !== undefined && status !== 204) validate(response, whole)
  if (status === 200 && !response.hasHeader('accept-ranges') && !hasDigest(response.getHeaders()))
    response.setHeader('Accept-Ranges', 'bytes')
  if (!response.hasHeader('content-encoding')) weakenIfEncoded(response)
  const head = keptHead(response, before, allowed.omitted, page.honor === 'origin' ? now : undefined)
  // These are said anew of each answer, and not kept.
  for (let at = 0; at < told.length; at += 2) say(String(told[at]), String(told[at + 1]))
  return {
    policy,
    page: {
      kind: 'page',
      status,
      statusMessage: response.statusMessage || undefined,
      ...head,
      ...kept,
      vary: varies,
      etag: fieldSent(response, 'etag'),
      encodable,
    },
    announced: announcedLength(response),
    told: said,
  }
}

/** The page with its body. Where nothing validates it yet, it gets a strong validator of its own (RFC 9110, 8.8.3). */
export function pageOf({ page }: Draft, chunks: readonly Buffer[], route: string | undefined): KeptPage {
  const [only, ...others] = chunks
  const body = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)
  return { ...page, etag: page.etag ?? (page.status === 204 ? undefined : etagOf(body)), route, body }
}

/** Express marks the bytes it sends with a weak validator; of bytes that are kept as they are the same one holds as a strong one. */
function validate(response: ServerResponse, whole: Buffer): void {
  const etag = etagOf(whole)
  if (!response.hasHeader('etag') || response.getHeader('etag') === `W/${etag}`) response.setHeader('ETag', etag)
}

/** How long the body is to be, if the head says so. */
export function announcedLength(response: ServerResponse): number | undefined {
  const length = fieldSent(response, 'content-length')
  return length === undefined ? undefined : Number(length)
}
