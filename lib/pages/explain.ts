import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Engine } from '../cache/engine.js'
import type { Explanation, KeptExplanation, PolicyExplanation, Question, ShadowExplanation } from '../cache/explanation.js'
import { deleteAt, type Entry } from '../entries/entry.js'
import { judge, type Verdict } from '../entries/judge.js'
import { KeyError, shown } from '../errors.js'
import { OWN, splitName } from '../keys/names.js'
import { pathOf } from '../keys/url.js'
import { askedAbout, askedAboutPath, type AskedPolicy, type PolicyPages } from './asked-policies.js'
import type { Exchange } from './exchange.js'
import { isPage, keptVary } from '../responses/kept-page.js'
import { pageKey, variantKey, type PageKey } from './page-key.js'
import { tellsByFunctions } from './page-policy.js'
import { asksByBody } from './question.js'
import { whyNotLook } from './request-gate.js'
import { willDo, wishesOf, type Wishes } from './wishes.js'

/**
 * What would happen to a request if it came now: by the policies that have been asked about this very request, or else about its path.
 * @throws {KeyError} for what is no request
 */
export async function explainRequest(engine: Engine, question: Question, prefix: string): Promise<Explanation> {
  const described = requestOf(question)
  const asked = inFlight(question)
    .filter(({ pages }) => pages.engine === engine && pages.prefix === prefix)
    .map(({ pages, exchange }, level) => explainPolicy(pages, exchange, level))
  const known = askedAboutPath(engine, pathOf(described.url)).filter(({ pages }) => pages.prefix === prefix)
  const policies = await Promise.all(asked.length > 0 ? asked : known.map(policy => explainKnown(policy, described)))
  const decisive = policies.find(({ outcome }) => outcome === 'hit' || outcome === 'stale') ?? policies.at(-1)
  return { url: described.url, method: described.method, outcome: decisive?.outcome ?? 'unknown', why: sentence(decisive), policies }
}

type Asked = ReturnType<typeof askedAbout>

/** Koa's context has Node's request inside. */
function inFlight(question: Question): Asked {
  if (typeof question !== 'object' || question === null) return []
  const { req } = question as { readonly req?: unknown }
  const own = askedAbout(question)
  return own.length === 0 && typeof req === 'object' && req !== null ? askedAbout(req) : own
}

interface Described {
  readonly url: string
  readonly method: string
  readonly headers: IncomingMessage['headers']
  /** Scheme and host, if the URL is absolute. */
  readonly origin: string | undefined
}

function requestOf(question: Question): Described {
  const given = typeof question === 'string' ? { url: question } : (question ?? {})
  const sent = given.originalUrl ?? given.url
  const [, origin, target = ''] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?(.*)$/is.exec(typeof sent === 'string' ? sent : '') ?? []
  if (origin === undefined && !target.startsWith('/')) throw new KeyError(`Expected a URL or a request to explain, got ${shown(question)}`)
  const headers = Object.entries(given.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])
  const url = target.startsWith('/') ? target : `/${target}`
  return { url, method: given.method ?? 'GET', headers: Object.fromEntries(headers) as Described['headers'], origin }
}

function explainKnown(
  { pages, level, originOf, origin: last }: AskedPolicy,
  { url, method, headers, origin }: Described,
): Promise<PolicyExplanation> {
  const [scheme = '', host = ''] = (origin ?? last).split('://')
  const request = {
    url,
    method,
    headers: { host, ...headers },
    httpVersionMajor: 1,
    socket: { encrypted: scheme === 'https' },
  } as unknown as IncomingMessage
  const exchange = {
    request,
    response: {} as ServerResponse,
    origin: originOf(request),
    originOf,
    url,
    rewritten: undefined,
    route: undefined,
    parsed: undefined,
    deliver: () => {},
    inputs: () => [],
    visit: undefined as never,
  }
  if (tellsByFunctions(pages.page) || (asksByBody(request) && pages.page.methods?.has(method) === true))
    return Promise.resolve({ ...nothing('unknown', 'needs-request'), front: false })
  return explainPolicy(pages, exchange, level)
}

async function explainPolicy(pages: PolicyPages, exchange: Exchange<never>, level: number): Promise<PolicyExplanation> {
  const { engine, page, prefix } = pages
  const gate = whyNotLook(exchange, page)
  if (gate !== undefined) return nothing('bypass', gate)
  for (const kept of page.front ? (['front', 'page'] as const) : (['page'] as const)) {
    const where = pageKey(exchange, page, prefix, level, kept)
    if (where === undefined) return nothing('bypass', 'target')
    const found = await inspect(engine, where, exchange.request)
    if (kept === 'page' || found.entry !== undefined) return explained(pages, found, kept === 'front', wishesIn(pages, exchange))
  }
  return nothing('miss', 'absent')
}

interface Inspected {
  readonly key: string
  readonly found: readonly string[]
  readonly entry: Entry | undefined
}

/** Reads what is kept without a word to anybody. */
async function inspect(engine: Engine, where: PageKey, { headers }: IncomingMessage): Promise<Inspected> {
  const { entry } = await engine.door.read(where.key, false)
  const found = entry && keptVary(entry.value)
  if (found === undefined) return { key: where.key, found: [], entry }
  const key = variantKey({ ...where, found }, headers)
  return { key, found, entry: (await engine.door.read(key, false)).entry }
}

function explained(
  { engine, shadows }: PolicyPages,
  { key, found, entry }: Inspected,
  front: boolean,
  wishes: Wishes | undefined,
): PolicyExplanation {
  const verdict = entry === undefined ? 'absent' : judge(entry, engine.clock.now())
  const servable = verdict === 'fresh' || verdict === 'stale'
  const welcome = entry !== undefined && willDo(entry, wishes)
  // Who wants nothing that has to be made is given nothing stale, for that is made anew.
  const served = servable && welcome && !(verdict === 'stale' && wishes?.onlyIfCached === true)
  const outcome = !served ? 'miss' : verdict === 'fresh' ? 'hit' : 'stale'
  const reason = reasonOf(verdict, servable && !welcome, !served && wishes?.onlyIfCached === true)
  const about = { key: splitName(key).name, found, front, entry: entry && keptIn(entry) }
  if (shadows === undefined) return { outcome, reason, ...about, shadow: undefined }
  return { outcome: 'bypass', reason: 'shadow', ...about, shadow: { outcome, found: entry && shadows.reportOn(entry) } }
}

/** Those of a request that the policy heeds. */
function wishesIn({ engine, page }: PolicyPages, { request }: Exchange<never>): Wishes | undefined {
  return page.requestDirectives ? wishesOf(request.headers, () => engine.clock.now()) : undefined
}

function reasonOf(verdict: Verdict | 'absent', unwelcome: boolean, unwanted: boolean): string | undefined {
  if (unwanted) return 'only-if-cached'
  if (unwelcome) return 'request-directive'
  return verdict === 'fresh' ? undefined : verdict === 'absent' ? 'absent' : 'expired'
}

function keptIn(entry: Entry): KeptExplanation {
  const { createdAt, staleAt, bytes, graceMs } = entry
  const page = isPage(entry.value) ? entry.value : undefined
  // An error page is no better than the error.
  const staleIfErrorMs = page !== undefined && page.status < 500 ? page.staleIfErrorMs : 0
  const limits = { staleUntil: staleAt + graceMs, errorUntil: staleAt + staleIfErrorMs, deleteAt: deleteAt(entry) }
  const tags = entry.tags.map(tag => splitName(tag).name).filter(name => !name.startsWith(OWN))
  return { createdAt, staleAt, ...limits, revalidates: page?.revalidates === true, tags, bytes }
}

function nothing(outcome: PolicyExplanation['outcome'], reason: string): PolicyExplanation {
  return { outcome, reason, key: undefined, found: [], front: false, entry: undefined, shadow: undefined }
}

function sentence(policy: PolicyExplanation | undefined): string {
  switch (policy?.outcome) {
    case undefined:
      return 'No policy has been asked about this path in this process: no route there keeps pages, or nobody has come yet.'
    case 'hit':
      return policy.front ? 'A fresh page is kept, and a front would serve it.' : 'A fresh page is kept.'
    case 'stale':
      return 'A page is kept that has expired and is within its grace: it would be served, and refreshed.'
    case 'bypass':
      if (policy.shadow !== undefined) return shadowSentence(policy.shadow)
      return `The cache is not asked: ${policy.reason ?? ''}.`
    case 'unknown':
      return 'The policy has functions that decide by the framework’s own request: ask with one that has come.'
    case 'miss':
      return missSentence(policy)
  }
}

function missSentence({ reason, entry }: PolicyExplanation): string {
  switch (reason) {
    case 'only-if-cached':
      return 'Nothing that is kept will do, and the request wants nothing else: it would get 504.'
    case 'request-directive':
      return `What is kept will not do, by the request’s Cache-Control: the handler would ${entry?.revalidates === true ? 'be asked whether it still holds' : 'run'}.`
    case 'expired':
      return `What is kept has expired: the handler would ${entry?.revalidates === true ? 'be asked whether it still holds' : 'run'}.`
    default:
      return 'Nothing is kept: the handler would run.'
  }
}

function shadowSentence({ outcome, found }: ShadowExplanation): string {
  const would = {
    hit: 'a fresh page is kept and would be served',
    stale: 'a page within its grace is kept and would be served',
    miss: 'nothing servable is kept',
  }
  const seen = found === undefined ? '' : ` It was found to have ${found.verdict === 'leaked' ? 'leaked' : 'been stale'}, had it been.`
  return `The policy only shadows, so the handler would run; ${would[outcome]}.${seen}`
}
