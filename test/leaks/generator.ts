import fc, { type Arbitrary } from 'fast-check'
import type { Duration } from 'smart-cache'
import type { Policy } from '../pages/framework.js'
import { sharing, unrelatedVary, unsharing, varyOn, varyOnAnything, type Lines } from './spellings.js'

/** What in a request tells one visitor from another. */
export type Source = 'cookie' | 'header' | 'authorization' | 'query'

/** The page differs with each visitor, and this says so. */
export type Declaration =
  | { readonly by: 'field'; readonly name: string; readonly lines: Lines; readonly how: How }
  /** One that holds the visitor's secret. */
  | { readonly by: 'set-cookie'; readonly lines: number; readonly how: How | 'cookies' }
  | { readonly by: 'policy'; readonly policy: Policy; readonly name: string }
  /** `cache.never()` */
  | { readonly by: 'never' }
  /** What makes the page a visitor's own is in the URL, or is `Authorization`: nothing needs to be said. */
  | { readonly by: 'request' }
  /** The page is the same for all. */
  | { readonly by: 'nobody'; readonly fields: readonly { readonly name: string; readonly lines: Lines }[]; readonly how: How }

/** Who may be answered with a page that was made for another request: everybody, whoever it was made for, nobody. */
export type Sharing = 'everybody' | 'visitor' | 'nobody'

/** How a field is given to the response. */
export type How = 'set' | 'append' | 'head object' | 'head list' | 'head after a reason' | 'hook'

/** In what form the framework is given the body. */
export type Body = 'string' | 'buffer' | 'object' | 'stream' | 'whole' | 'parts' | 'pipe' | 'own'

export type Mounting = 'route' | 'around' | 'site' | 'site and route' | 'twice'

export interface Asking {
  readonly visitor: number
  readonly method: 'GET' | 'HEAD'
  /** The visitor whose latest validator is sent along. */
  readonly etagOf: number | undefined
  /** Credentials that the page does not ask for. */
  readonly credentials: boolean
  /** What else it says, to no effect on who gets what. */
  readonly aside: Readonly<Record<string, string>>
  /** Whether the handler fails, should it be asked. */
  readonly fails: boolean
}

/** A page, and who asks for it when. */
export interface Case {
  readonly source: Source
  readonly declaration: Declaration
  readonly sharing: Sharing
  readonly mounting: Mounting
  /** Whether middleware outside sets fields for each visitor, a cookie among them. */
  readonly outside: boolean
  readonly body: Body
  readonly size: number
  /** Where the handlers of one round wait until all of its requests are there. */
  readonly waits: 'before' | 'within' | 'never'
  /** Rounds, one after the other; the requests of a round are under way together. */
  readonly rounds: readonly (readonly Asking[])[]
  /** How much time passes between rounds, with pages that are served stale and refreshed meanwhile. */
  readonly passing: Duration | undefined
}

export const HEADER = 'X-Visitor'
export const COOKIE = 'session'

const NAMES: Readonly<Record<Source, string>> = { cookie: 'Cookie', header: HEADER, authorization: 'Authorization', query: 'who' }

const RAW: ReadonlySet<How | 'cookies'> = new Set(['head object', 'head list', 'head after a reason'])

const how = fc.constantFrom<How>('set', 'set', 'append', 'append', 'head object', 'head list', 'head after a reason', 'hook')

interface Declared {
  readonly declaration: Declaration
  readonly sharing: Sharing
}

function field(name: string, lines: Arbitrary<Lines>, shared: Sharing): Arbitrary<Declared> {
  return fc.record({ lines, how }).map(given => ({ declaration: { by: 'field', name, ...given }, sharing: shared }))
}

function always(declaration: Declaration, shared: Sharing): Arbitrary<Declared> {
  return fc.constant({ declaration, sharing: shared })
}

const setCookie: Arbitrary<Declared> = fc
  .record({ lines: fc.integer({ min: 1, max: 3 }), how: fc.oneof(how, fc.constant('cookies' as const)) })
  .map(given => ({ declaration: { by: 'set-cookie', ...given }, sharing: 'nobody' }))

const otherwiseUnsharing = fc.constantFrom<readonly [string, ...string[]]>(
  ['Pragma', 'no-cache'],
  ['Pragma', 'No-Cache, x'],
  ['Expires', '0'],
  ['Expires', '-1'],
  ['Expires', ''],
  ['Expires', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['Expires', 'soon'],
  ['CDN-Cache-Control', 'no-store'],
  ['cdn-cache-control', 'max-age=60, PRIVATE'],
  ['CDN-Cache-Control', 'max-age=60;'],
  ['Surrogate-Control', 'no-store, content="ESI/1.0"'],
  ['surrogate-control', 'No-Store'],
  ['Content-Range', 'bytes 0-4/5'],
)

function policies(source: Source): readonly (readonly [name: string, policy: Policy])[] {
  const name = NAMES[source]
  const who = (asked: { get(name: string): string | undefined }) => asked.get(name)
  const user: Policy = { vary: { user: who } }
  switch (source) {
    case 'cookie':
      return [
        ['the cookie', { vary: { cookies: [COOKIE] } }],
        ['several cookies', { vary: { cookies: ['theme', COOKIE, 'absent'] } }],
        ['all cookies', { vary: { cookies: true } }],
        ['the header Cookie', { vary: { headers: ['cOOkie'] } }],
        ['user', user],
        ['value', { vary: { value: asked => ({ who: who(asked) }) } }],
        ['user, value and a header', { vary: { user: () => 1, value: who, headers: ['Accept'] } }],
      ]
    case 'header':
      return [
        ['the header', { vary: { headers: ['Accept', HEADER.toUpperCase()] } }],
        ['user', user],
        ['value', { vary: { value: asked => [who(asked)] } }],
      ]
    case 'authorization':
      return [
        ['the header', { vary: { headers: ['AUTHORIZATION'] } }],
        ['user', user],
      ]
    case 'query':
      return [
        ['the query', { vary: { query: ['other', 'who'] } }],
        ['user', { vary: { query: [], user: asked => (asked as unknown as { query: Record<string, unknown> }).query['who'] } }],
      ]
  }
}

function declarations(source: Source): Arbitrary<Declared> {
  const name = NAMES[source]
  const policy = fc
    .constantFrom(...policies(source))
    .map(([named, given]): Declared => ({ declaration: { by: 'policy', name: named, policy: given }, sharing: 'visitor' }))
  // Whoever asks with credentials is not answered from the cache at all, unless the policy says how such pages differ.
  const visitor = source === 'authorization' ? 'nobody' : 'visitor'
  const vary = source === 'query' ? [] : [{ weight: 5, arbitrary: field('Vary', varyOn(name), visitor) }]
  return fc.oneof(
    { weight: 8, arbitrary: field('Cache-Control', unsharing, 'nobody') },
    { weight: 1, arbitrary: otherwiseUnsharing.chain(([other, ...lines]) => field(other, fc.constant(lines), 'nobody')) },
    { weight: 3, arbitrary: setCookie },
    { weight: 2, arbitrary: field('Vary', varyOnAnything(name === 'who' ? 'Cookie' : name), 'nobody') },
    ...vary,
    { weight: 5, arbitrary: policy },
    { weight: 1, arbitrary: always({ by: 'policy', name: 'unless', policy: { unless: () => true } }, 'nobody') },
    { weight: 1, arbitrary: always({ by: 'never' }, 'nobody') },
    ...(source === 'authorization' || source === 'query' ? [{ weight: 3, arbitrary: always({ by: 'request' }, visitor) }] : []),
  )
}

const forAll: Arbitrary<Declared> = fc
  .record({ cacheControl: sharing, vary: unrelatedVary, how })
  .map(({ cacheControl, vary, how: given }) => ({
    declaration: {
      by: 'nobody',
      fields: [
        { name: 'Cache-Control', lines: cacheControl },
        { name: 'Vary', lines: vary },
      ],
      how: given,
    },
    sharing: 'everybody',
  }))

const source = fc.constantFrom<Source>('cookie', 'cookie', 'header', 'authorization', 'query')

const declared: Arbitrary<Declared & { readonly source: Source }> = fc.oneof(
  {
    weight: 3,
    arbitrary: source
      .chain(from => fc.record({ source: fc.constant(from), given: declarations(from) }))
      .map(({ source: from, given }) => ({ source: from, ...given })),
  },
  { weight: 1, arbitrary: forAll.map(given => ({ source: 'cookie' as const, ...given })) },
)

const asking: Arbitrary<Omit<Asking, 'fails'>> = fc.record({
  visitor: fc.nat(4),
  method: fc.constantFrom<'GET' | 'HEAD'>('GET', 'GET', 'GET', 'HEAD'),
  etagOf: fc.option(fc.nat(4), { nil: undefined, freq: 2 }),
  credentials: fc.constantFrom(false, false, false, false, true),
  aside: fc.constantFrom<Asking['aside']>(
    {},
    {},
    {},
    { range: 'bytes=0-3' },
    { range: 'bytes=2-', 'if-range': '"unknown"' },
    { 'if-modified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { 'cache-control': 'no-cache' },
    { 'cache-control': 'max-age=0' },
    { 'cache-control': 'max-stale=99999, only-if-cached' },
    { 'cache-control': 'private, "' },
    { pragma: 'no-cache' },
    { vary: 'Cookie' },
    { 'set-cookie': 'session=other' },
    { forwarded: 'for=1.2.3.4' },
    { 'accept-encoding': 'gzip' },
    { 'accept-encoding': 'gzip, br' },
    { 'accept-encoding': 'identity;q=0, br;q=0.5' },
    { 'accept-encoding': 'gzip', range: 'bytes=-9' },
  ),
})

function rounds(fails: Arbitrary<boolean>): Arbitrary<Case['rounds']> {
  const one = fc.record({ asking, fails }).map(given => ({ ...given.asking, fails: given.fails }))
  return fc.array(fc.array(one, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
}

/** Given to the body itself: what is written with `writeHead` is written to Node's response. */
function bodies(declaration: Declaration): Arbitrary<Body> {
  if ('how' in declaration && RAW.has(declaration.how)) return fc.constantFrom<Body>('whole', 'parts', 'pipe')
  return fc.constantFrom<Body>('string', 'buffer', 'object', 'stream', 'whole', 'parts', 'pipe', 'own')
}

function casesWith(passing: Arbitrary<Case['passing']>, fails: Arbitrary<boolean>): Arbitrary<Case> {
  return declared.chain(given =>
    fc.record({
      source: fc.constant(given.source),
      declaration: fc.constant(given.declaration),
      sharing: fc.constant(given.sharing),
      mounting: fc.constantFrom<Mounting>('route', 'route', 'around', 'site', 'site and route', 'twice'),
      outside: fc.boolean(),
      body: bodies(given.declaration),
      size: fc.constantFrom(0, 0, 0, 70_000),
      waits: fc.constantFrom<Case['waits']>('before', 'before', 'within', 'never'),
      rounds: rounds(fails),
      passing,
    }),
  )
}

/** Pages that stay fresh. */
export const freshCases = casesWith(fc.constant(undefined), fc.constant(false))

/** Pages that go stale, and whose handlers fail now and then. */
export const agingCases = casesWith(fc.constantFrom<Duration>('2m', '6m', '6m', '30m'), fc.constantFrom(false, false, false, true))
