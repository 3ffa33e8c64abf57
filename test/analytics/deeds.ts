import type { Cache } from 'smart-cache'
import type { FakeClock } from 'smart-cache/testing'

/** What a report is to say of one name. */
export type Expected = Record<
  'hits' | 'stale' | 'misses' | 'collapsed' | 'bypassed' | 'fills' | 'refused' | 'failed' | 'sets' | 'refreshes',
  number
>

/** What a report is to say of everything. */
export interface Truth {
  readonly names: Record<string, Expected>
  readonly reasons: Record<string, number>
  purges: number
  errors: number
}

const NOTHING: Expected = {
  hits: 0,
  stale: 0,
  misses: 0,
  collapsed: 0,
  bypassed: 0,
  fills: 0,
  refused: 0,
  failed: 0,
  sets: 0,
  refreshes: 0,
}

/** Uses a cache at random, and keeps count of what must come of it. */
export class Deeds {
  readonly truth: Truth = { names: {}, reasons: {}, purges: 0, errors: 0 }
  readonly #cache: Cache
  readonly #clock: FakeClock
  readonly #random: () => number
  #fresh = 0

  constructor(cache: Cache, clock: FakeClock, random: () => number) {
    this.#cache = cache
    this.#clock = clock
    this.#random = random
  }

  /** Does something that is at least one request, or none. @returns how many */
  async one(): Promise<number> {
    const deeds = [
      this.#hit,
      this.#hit,
      this.#hit,
      this.#look,
      this.#expire,
      this.#stale,
      this.#collapse,
      this.#fail,
      this.#refuse,
      this.#bypass,
      this.#set,
      this.#purge,
    ]
    const deed = deeds[Math.floor(this.#random() * deeds.length)] ?? this.#hit
    return deed.call(this)
  }

  /** A name of several, under which the deed is to be counted. */
  #name(deed: string): string {
    return `${deed}-${'abcd'[Math.floor(this.#random() * 4)]}`
  }

  #count(name: string, counts: Partial<Expected>, reasons: Readonly<Record<string, number>> = {}): void {
    const expected = (this.truth.names[name] ??= { ...NOTHING })
    for (const [count, by] of Object.entries(counts)) expected[count as keyof Expected] += by
    for (const [reason, by] of Object.entries(reasons)) this.#because(reason, by)
  }

  #because(reason: string, by = 1): void {
    this.truth.reasons[reason] = (this.truth.reasons[reason] ?? 0) + by
  }

  /** A key that nobody has used. */
  #key(name: string): string {
    return `${name}:${this.#fresh++}`
  }

  async #hit(): Promise<number> {
    const name = this.#name('hit')
    const key = this.#key(name)
    const hits = 1 + Math.floor(this.#random() * 9)
    for (let n = 0; n <= hits; n++) await this.#cache.getOrSet(key, () => n)
    this.#count(`${name}:*`, { hits, misses: 1, fills: 1 }, { 'miss absent': 1 })
    return hits + 1
  }

  async #look(): Promise<number> {
    const name = this.#name('look')
    await this.#cache.get(this.#key(name))
    this.#count(`${name}:*`, { misses: 1 }, { 'miss absent': 1 })
    return 1
  }

  async #expire(): Promise<number> {
    const name = this.#name('expire')
    const key = this.#key(name)
    await this.#cache.getOrSet(key, () => 1, { ttl: '1s', staleIfError: '1h' })
    this.#clock.advance('2s')
    await this.#cache.getOrSet(key, () => 2, { ttl: '1s' })
    this.#count(`${name}:*`, { misses: 2, fills: 2 }, { 'miss absent': 1, 'miss expired': 1 })
    return 2
  }

  async #stale(): Promise<number> {
    const name = this.#name('stale')
    const key = this.#key(name)
    await this.#cache.getOrSet(key, () => 1, { ttl: '1s', grace: '1h' })
    this.#clock.advance('2s')
    const refreshed = new Promise<void>(resolve => {
      const off = this.#cache.on('fill', () => {
        off()
        resolve()
      })
    })
    await this.#cache.getOrSet(key, () => 2, { ttl: '1s', grace: '1h' })
    await refreshed
    this.#count(`${name}:*`, { misses: 1, stale: 1, fills: 2, refreshes: 1 }, { 'miss absent': 1, 'stale grace': 1 })
    return 2
  }

  async #collapse(): Promise<number> {
    const name = this.#name('collapse')
    const key = this.#key(name)
    await Promise.all(Array.from({ length: 4 }, () => this.#cache.getOrSet(key, async () => 1)))
    this.#count(`${name}:*`, { misses: 1, collapsed: 3, fills: 1 }, { 'miss absent': 1 })
    return 4
  }

  async #fail(): Promise<number> {
    const name = this.#name('fail')
    const key = this.#key(name)
    await this.#cache.getOrSet(key, () => Promise.reject(new TypeError('secret'))).catch(() => undefined)
    this.#count(`${name}:*`, { misses: 1, failed: 1 }, { 'miss absent': 1, 'fail TypeError': 1 })
    return 1
  }

  async #refuse(): Promise<number> {
    const name = this.#name('refuse')
    await this.#cache.getOrSet(this.#key(name), () => 1, { when: () => false })
    this.#count(`${name}:*`, { misses: 1, refused: 1 }, { 'miss absent': 1, 'refuse expired': 1 })
    return 1
  }

  /** What cannot be kept is an answer for nobody else. */
  async #bypass(): Promise<number> {
    const name = this.#name('bypass')
    const key = this.#key(name)
    await Promise.all(Array.from({ length: 3 }, () => this.#cache.getOrSet(key, async () => () => 1)))
    this.truth.errors++
    this.#because('error keep CodecError ERR_CACHE_CODEC')
    const reasons = { 'miss absent': 1, 'refuse unkeepable': 1, 'bypass unkeepable': 2 }
    this.#count(`${name}:*`, { misses: 1, refused: 1, bypassed: 2 }, reasons)
    return 3
  }

  async #set(): Promise<number> {
    const name = this.#name('set')
    await this.#cache.set(this.#key(name), 1)
    this.#count(`${name}:*`, { sets: 1, fills: 1 })
    return 0
  }

  async #purge(): Promise<number> {
    await this.#cache.invalidate('nobody', { why: 'deed' })
    this.truth.purges++
    this.#because('purge deed')
    return 0
  }
}

/** The sum of what several are to have done. */
export function together(truths: readonly Truth[]): Truth {
  const all: Truth = { names: {}, reasons: {}, purges: 0, errors: 0 }
  for (const { names, reasons, purges, errors } of truths) {
    all.purges += purges
    all.errors += errors
    for (const [reason, count] of Object.entries(reasons)) all.reasons[reason] = (all.reasons[reason] ?? 0) + count
    for (const [name, expected] of Object.entries(names)) {
      const sum = (all.names[name] ??= { ...NOTHING })
      for (const [count, by] of Object.entries(expected)) sum[count as keyof Expected] += by
    }
  }
  return all
}
