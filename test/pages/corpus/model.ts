/** A response's head as it is meant, before anybody has written it down. Times are seconds from its arrival. */
export interface MeantHead {
  readonly status: number
  readonly control: Meant
  /** `CDN-Cache-Control`, if there is one. */
  readonly cdn: Meant | undefined
  readonly age: number | undefined
  readonly date: number | undefined
  readonly expires: number | 'invalid' | undefined
  readonly lastModified: number | undefined
  readonly etag: boolean
  readonly cookie: boolean
  readonly varyStar: boolean
}

/** Directives by name: `true` without a value, a number of seconds, or the names of fields. */
export type Meant = Readonly<Record<string, true | number | readonly string[]>>

/** What a request says of the age of its answer (RFC 9111, 5.2.1), as it is meant. */
export interface Wished {
  readonly 'no-cache'?: true
  readonly 'only-if-cached'?: true
  readonly 'max-age'?: number
  readonly 'min-fresh'?: number
  /** `true` for any. */
  readonly 'max-stale'?: true | number
}

/** What a shared cache may do with who asks again later; `none` is 504. */
export type Reuse = 'hit' | 'stale' | 'validate' | 'miss' | 'none'

/**
 * RFC 9111 once more, of what was meant instead of what was written: no header is read here, and nothing of the library is used. Says what is
 * to be done with who asks `after` so many seconds, and how.
 */
export function modelOf(head: MeantHead, after: number, wished: Wished): Reuse {
  const answer = reuseOf(head, after, wished)
  // 5.2.1.7
  return wished['only-if-cached'] === true && answer !== 'hit' ? 'none' : answer
}

function reuseOf(head: MeantHead, after: number, wished: Wished): Reuse {
  const rules = head.cdn ?? head.control
  const says = (name: string) => rules[name] !== undefined
  const seconds = (name: string) => (typeof rules[name] === 'number' ? rules[name] : undefined)

  // 3: may it be stored?
  if (head.cookie || head.varyStar) return 'miss'
  if (says('must-understand') && head.status === 599) return 'miss'
  if (says('no-store') && !says('must-understand')) return 'miss'
  if (rules['private'] === true) return 'miss'

  // 4.2.1: for how long is it fresh?
  let lifetime = seconds('s-maxage') ?? seconds('max-age')
  if (lifetime === undefined && head.cdn === undefined && head.expires !== undefined) {
    lifetime = head.expires === 'invalid' ? 0 : Math.max(0, head.expires - (head.date ?? 0))
  }
  if (lifetime === undefined) {
    // 4.2.2
    if (![200, 203, 404].includes(head.status) && !says('public')) return 'miss'
    const unchanged = head.lastModified === undefined ? 0 : (head.date ?? 0) - head.lastModified
    lifetime = Math.min(86_400, Math.max(0, unchanged / 10))
  }

  // 4.2.3: how old was it?
  const age = Math.max(head.age ?? 0, -(head.date ?? 0), 0)
  const mustAsk = rules['no-cache'] === true
  const left = lifetime - age - after

  // 5.2.1.1, 5.2.1.3 and 5.2.1.4: is it young and fresh enough for who asks?
  const { 'max-age': maxAge, 'min-fresh': minFresh, 'max-stale': maxStale } = wished
  const welcome = wished['no-cache'] !== true && age + after <= (maxAge ?? Infinity) && left >= (minFresh ?? -Infinity)
  if (!mustAsk && left > 0 && welcome) return 'hit'

  // 4.2.4 and RFC 5861, 3
  const forbidden = mustAsk || says('must-revalidate') || says('proxy-revalidate') || says('s-maxage')
  const allowed = !forbidden && left + (seconds('stale-while-revalidate') ?? 0) > 0
  // 5.2.1.2: who cares for its age takes nothing stale without saying so; and what is said only makes it stricter.
  const cares = maxAge !== undefined || minFresh !== undefined
  const patience = maxStale === true ? Infinity : (maxStale ?? (cares ? 0 : Infinity))
  if (allowed && welcome && patience > 0 && -left <= patience) return 'stale'

  // 4.3: of a 200 with a validator it may be asked whether it still holds.
  return head.status === 200 && (head.etag || head.lastModified !== undefined) ? 'validate' : 'miss'
}
