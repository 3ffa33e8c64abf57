import { isTracker } from '../keys/url.js'
import type { Exchange, Input } from './exchange.js'
import { InputWatch, type Read } from './input-watch.js'
import { isRerouting } from './page-key.js'
import type { PagePolicy } from './page-policy.js'

/** Headers that are in every key, or hidden from handlers, or keep a request from the cache. */
const HARMLESS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'forwarded',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
  'transfer-encoding',
  'upgrade',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
])

/** How many warnings are remembered, so that each comes once. */
const MAX_WARNINGS = 1_000

const warned = new Set<string>()

/** Watches one handler for what it reads of its request that would make a difference to the page, and is no part of its key. */
export class UnkeyedInputs<Visit> {
  readonly #page: PagePolicy<Visit>
  readonly #url: string
  readonly #inputs: readonly Input[]
  readonly #watch: InputWatch

  constructor(exchange: Exchange<Visit>, page: PagePolicy<Visit>) {
    const { vary, unless } = page
    this.#page = page
    this.#url = exchange.url.split('?', 1)[0] ?? ''
    this.#inputs = exchange.inputs()
    this.#watch = new InputWatch(exchange.request, this.#inputs)
    // What they read makes the key, or decides who is answered from the cache at all.
    for (const declaring of [vary.user, vary.value, unless])
      if (declaring !== undefined) this.#watch.declare(() => declaring(exchange.visit))
  }

  /** Ends the watch: what is read from now on is no longer the handler's doing. */
  stop(): void {
    this.#watch.stop()
  }

  /**
   * Warns of what was read, once for each line of the source.
   * @param found the request headers that the response says it varies on
   * @returns why the page must not be kept, if the policy is strict and there is a reason
   */
  refusal(found: readonly string[]): string | undefined {
    const reads = this.#watch.reads.filter(read => !this.#isKeyed(read, new Set([...this.#page.vary.headers, ...found])))
    for (const line of new Set(reads.map(lineOf))) {
      const [first, ...others] = reads.filter(read => lineOf(read) === line)
      if (first !== undefined) this.#warn(first.place, [first, ...others])
    }
    return this.#page.strict && reads.length > 0 ? 'unkeyed-input' : undefined
  }

  #isKeyed({ kind, name }: Read, headers: ReadonlySet<string>): boolean {
    const { cookies, query, trackers, user, value } = this.#page.vary
    const anyCookie = cookies !== false || headers.has('cookie')
    switch (kind) {
      case 'header':
        return headers.has(name) || HARMLESS.has(name) || isRerouting(name) || (name === 'cookie' && anyCookie)
      case 'cookie':
        return headers.has('cookie') || cookies === true || (cookies !== false && cookies.includes(name))
      case 'query':
        return query === undefined ? trackers || !isTracker(name) : query.includes(name)
      default:
        return anyCookie || headers.has('authorization') || user !== undefined || value !== undefined
    }
  }

  #warn(place: string, reads: readonly Read[]): void {
    const what = reads.map(({ kind, name }) => (name === '' ? `the ${kind}` : `the ${SHOWN[kind]} "${name}"`)).join(' and ')
    const text = `The page ${this.#url} is kept for everybody, but its handler reads ${what} at ${place}, which is not in its key. Let its policy say ${this.#mended(reads)}, or that it is not to be kept.`
    if (warned.has(`${place} ${what}`) || warned.size >= MAX_WARNINGS) return
    warned.add(`${place} ${what}`)
    process.emitWarning(text, { type: 'SmartCacheWarning', code: 'CACHE_UNKEYED_INPUT' })
  }

  /** The `vary` that would make the key of what was read. */
  #mended(reads: readonly Read[]): string {
    const { headers, cookies, query } = this.#page.vary
    const names = (kind: Read['kind']) => reads.filter(read => read.kind === kind).map(({ name }) => name)
    const parts: string[] = []
    const add = (option: string, before: readonly string[], more: readonly string[]) => {
      if (more.length > 0) parts.push(`${option}: [${[...before, ...more].map(name => `'${name}'`).join(', ')}]`)
    }
    add(
      'headers',
      headers,
      names('header').filter(name => name !== 'cookie'),
    )
    if (names('header').includes('cookie')) parts.push('cookies: true')
    else add('cookies', typeof cookies === 'boolean' ? [] : cookies, names('cookie'))
    if (query === undefined && names('query').length > 0) parts.push('trackers: true')
    else add('query', query ?? [], names('query'))
    const who = this.#inputs.find(({ kind, asKey }) => asKey !== undefined && names(kind).length > 0)
    if (who !== undefined) parts.push(`user: ${who.asKey}`)
    return `\`vary: { ${parts.join(', ')} }\``
  }
}

function lineOf({ place }: Read): string {
  return place.replace(/:\d+$/, '')
}

const SHOWN = { header: 'header', cookie: 'cookie', query: 'query parameter', user: 'user', session: 'session' } as const
