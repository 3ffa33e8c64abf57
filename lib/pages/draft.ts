import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { entityTag } from '../http/entity-tag.js'
import type { Policy } from '../cache/policy.js'
import { mergedVary, type Answer } from '../responses/answer.js'
import { isEncodable } from '../responses/encodings.js'
import { fieldText, hasDigest } from '../http/field-text.js'
import { holedOf, type HoledResponse } from '../responses/holed-response.js'
import { isSameField, keptHead, ownField, type KeptPage } from '../responses/kept-page.js'
import { lifespanOf, termsOf } from './lifespan.js'
import type { Arrival } from '../http/lifetime.js'
import { weakenIfEncoded } from '../responses/outer-encoding.js'
import { policyFor, type PagePolicy } from './page-policy.js'
import { declaredVary, isPersonal } from './vary.js'
import { judgeHead, varyNames, type Keeping } from '../http/response-gate.js'
import { bearsNonce, withoutNonce } from '../responses/nonces.js'
import type { Teller } from '../responses/told.js'

/** What is known of a page once its head has been found fit to be kept, and its body is yet to come. */
export interface Draft {
  readonly policy: Policy
  readonly page: Omit<KeptPage, 'body' | 'route' | 'holes'>
  readonly holed: HoledResponse | undefined
  /** How long the body is to be, if the head says so. */
  readonly announced: number | undefined
  /** The fields of the response when it was judged, completed; names in lower case. */
  readonly head: OutgoingHttpHeaders
  /** What was put on the head here, for other caches, by names in lower case. */
  readonly told: ReadonlyMap<string, string>
}

/**
 * May the response, whose head is about to leave, be kept?
 * @param headers its fields, names in lower case
 * @param whole its body, if that is known by now
 */
export function judgeResponse<Visit>(
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
  before: OutgoingHttpHeaders,
  page: PagePolicy<Visit>,
  whole: Buffer | undefined,
  arrival: Arrival,
): Keeping {
  const { statusCode: status } = response
  const policy = policyFor(page, status)
  if (policy === undefined) return { keep: false, reason: 'status' }
  if ((whole?.length ?? announcedLength(headers) ?? 0) > page.maxBody) return { keep: false, reason: 'max-body' }
  if (bearsNonce(headers, before, whole, holedOf(response)?.nonce)) return { keep: false, reason: 'nonce' }
  const setsCookies = ownField(headers, before, 'set-cookie') !== undefined
  const keeping = judgeHead({ ...arrival, status, headers, setsCookies }, termsOf(page, policy))
  if (!keeping.keep || keeping.vary.length === 0) return keeping
  return { ...keeping, vary: keeping.vary.filter(name => !isEncodersOwn(name, headers, before)) }
}

/** Who encodes further out announces it beforehand: what is kept comes before that, and does not vary with it. */
function isEncodersOwn(name: string, headers: OutgoingHttpHeaders, before: OutgoingHttpHeaders): boolean {
  return name === 'accept-encoding' && headers['content-encoding'] === undefined && varyNames(before['vary']).includes(name)
}

/** What comes of a head that has left. */
type Sent = { readonly keep: true; readonly vary: readonly string[] } | { readonly keep: false; readonly reason: string }

const NOTHING_NEW: Sent = { keep: true, vary: [] }

/**
 * The head once more, as it has left: with what middleware outside has to say, and without what was said here for other caches.
 * @param before what the response had been given before the route began: a cookie that has come since, by whatever hand, may be of what the route did,
 * such as to its visitor's session
 * @param lesser what was sent in the place of the whole
 */
export function judgeSent<Visit>(
  response: ServerResponse,
  { told, head, page: { status } }: Pick<Draft, 'told'> & { readonly head?: Draft['head']; readonly page: Pick<KeptPage, 'status'> },
  before: OutgoingHttpHeaders,
  lesser: Answer | undefined,
  page: PagePolicy<Visit>,
  arrival: Arrival,
): Sent {
  const headers = response.getHeaders()
  if (lesser === undefined && head !== undefined && isSameHead(headers, head)) return NOTHING_NEW
  // With a part of the page `Cache-Control` says `no-transform` as well.
  for (const [name, text] of told) if (fieldText(headers[name]).replace(/, no-transform$/, '') === text) delete headers[name]
  if (lesser !== undefined) delete headers['content-range']
  const setsCookies = ownField(headers, before, 'set-cookie') !== undefined
  return judgeHead({ ...arrival, status, headers, setsCookies }, termsOf(page, policyFor(page, status) ?? page.policy))
}

/** Has nobody changed it since, but for what is said of each answer anew? */
function isSameHead(headers: OutgoingHttpHeaders, before: OutgoingHttpHeaders): boolean {
  let more = 0
  for (const name in headers) {
    if (isSameField(headers[name], before[name])) more++
    else if (name !== 'cache-status' && name !== 'server-timing') return false
  }
  for (const name in before) if (headers[name] !== undefined) more--
  return more === 0
}

/** The draft of a page that turns out, as its head leaves, to vary on more. What encodes the bytes then does so after they were copied. */
export function varyingOn(draft: Draft, vary: readonly string[]): { readonly draft: Draft; readonly more: readonly string[] } {
  if (vary.length === 0) return { draft, more: vary }
  const known = ['accept-encoding', ...varyNames(draft.page.vary)]
  const more = vary.filter(name => !known.includes(name))
  return { draft: { ...draft, page: { ...draft.page, vary: mergedVary(draft.page.vary, more.join()) } }, more }
}

/**
 * Completes the head of a response that may be kept, and notes what is kept of it.
 * @param head its fields, names in lower case; what is added is added here as well
 */
export function draftOf<Visit>(
  response: ServerResponse,
  head: OutgoingHttpHeaders,
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
  const set = (name: string, text: string) => {
    response.setHeader(name, text)
    head[name.toLowerCase()] = text
  }
  const announced = announcedLength(head)
  const encodable = page.encodings.length > 0 && isEncodable(head, whole?.length ?? announced)
  const encoding = encodable ? ['Accept-Encoding'] : []
  const varies = mergedVary(head['vary'], [...declaredVary(page.vary), ...allowed.vary, ...encoding].join())
  if (varies !== '' && varies !== head['vary']) set('Vary', varies)
  const ageSeconds = Math.floor((now - (allowed.bornAt ?? now)) / 1000)
  const holed = holedOf(response)
  const personal = isPersonal(page.vary) || holed !== undefined
  const told = tell?.(ageSeconds, tags, name => head[name] !== undefined, personal) ?? []
  const said = new Map<string, string>()
  const say = (name: string, text: string) => {
    said.set(name.toLowerCase(), text)
    set(name, text)
  }
  if (personal && head['cache-control'] === undefined && !told.includes('Cache-Control')) say('Cache-Control', 'private')
  if (whole !== undefined && status !== 204) {
    const etag = entityTag(whole)
    // Express marks the bytes it sends with a weak validator; of bytes that are kept as they are the same one holds as a strong one.
    if (head['etag'] === undefined || head['etag'] === `W/${etag}`) set('ETag', etag)
  }
  if (status === 200 && holed === undefined && head['accept-ranges'] === undefined && !hasDigest(head)) set('Accept-Ranges', 'bytes')
  if (head['content-encoding'] === undefined) weakenIfEncoded(response)
  const delta = keptHead(response, head, before, allowed.omitted, page.honor === 'origin' ? now : undefined)
  // These are said anew of each answer, and not kept.
  for (let at = 0; at < told.length; at += 2) say(String(told[at]), String(told[at + 1]))
  return {
    policy,
    page: {
      kind: 'page',
      status,
      statusMessage: response.statusMessage || undefined,
      removed: delta.removed,
      headers: withoutNonce(delta.headers, holed?.nonce),
      ...kept,
      revalidates: kept.revalidates && holed === undefined,
      vary: varies,
      etag: head['etag'] === undefined ? undefined : fieldText(head['etag']),
      encodable,
    },
    holed,
    announced,
    head,
    told: said,
  }
}

/**
 * The page with its body. Where nothing validates it yet, it gets a strong validator of its own (RFC 9110, 8.8.3); with holes a weak one of what is
 * around them, or none.
 */
export function pageOf({ page, holed }: Draft, chunks: readonly Buffer[], route: string | undefined): KeptPage {
  const [only, ...others] = chunks
  const body = only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)
  const holes = holed === undefined ? undefined : [...holed.places]
  const validated = page.status !== 204 && (holed === undefined || holed.masked)
  const made = holes === undefined ? entityTag(body) : `W/${entityTag(Buffer.concat([body, Buffer.from(JSON.stringify(holes))]))}`
  return { ...page, etag: page.etag ?? (validated ? made : undefined), route, holes, body }
}

/** How long the body is to be, if the head says so. Names in lower case. */
export function announcedLength({ 'content-length': length }: OutgoingHttpHeaders): number | undefined {
  return length === undefined ? undefined : Number(length)
}
