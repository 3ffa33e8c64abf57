import type { Cache, Target } from 'smart-cache'
import type { Chance } from './steps.js'

/** The versions of some rows that an answer was made of. */
export type Versions = Readonly<Record<number, number>>

const ROWS = 12

/** Even rows are parts of pages and are purged by tag; odd ones stand alone and are purged in every way there is. */
const PARTS = Array.from({ length: ROWS / 2 }, (_, half) => 2 * half)

const POLICY = { ttl: '1m', grace: '10m', staleIfError: '10m' } as const

/**
 * Rows with versions, read through a cache and written beside it. Whoever begins to read once the purge after a write has resolved must not
 * be given an older version.
 */
export class World {
  reads = 0
  writes = 0
  readonly violations: string[] = []
  readonly #cache: Cache
  readonly #chance: Chance
  readonly #pause: () => Promise<void>
  readonly #committed = Array.from({ length: ROWS }, () => 0)
  /** The versions whose purge has resolved. */
  readonly #confirmed = Array.from({ length: ROWS }, () => 0)
  readonly #writing = new Set<number>()

  constructor(cache: Cache, chance: Chance, pause: () => Promise<void>) {
    this.#cache = cache
    this.#chance = chance
    this.#pause = pause
  }

  async read(): Promise<void> {
    const atLeast = [...this.#confirmed]
    const [how, versions] = await this.#answer()
    for (const [row, version] of Object.entries(versions)) {
      this.reads++
      const least = atLeast[Number(row)] ?? 0
      if (version < least) this.violations.push(`${how} gave version ${version} of row ${row}, when ${least} had been purged for`)
    }
  }

  async write(): Promise<void> {
    const row = this.#chance.below(ROWS)
    if (this.#writing.has(row)) return
    this.#writing.add(row)
    this.writes++
    await this.#pause()
    const version = (this.#committed[row] ?? 0) + 1
    this.#committed[row] = version
    await this.#pause()
    await this.#purge(row, version)
    this.#confirmed[row] = version
    this.#writing.delete(row)
  }

  async #answer(): Promise<readonly [string, Versions]> {
    const row = this.#chance.below(ROWS)
    switch (this.#chance.below(4)) {
      case 0:
        return ['get', (await this.#cache.get<Versions>(`row:${row}`)) ?? {}]
      case 1:
        return ['getOrSet', await this.#row(row)]
      default:
        return ['a page', await this.#page(this.#chance.below(4))]
    }
  }

  #row(row: number): Promise<Versions> {
    return this.#cache.getOrSet(`row:${row}`, () => this.#load(row), { ...POLICY, tags: [`tag:${row}`] })
  }

  /** A page of three rows, which bears their tags only because it reads them. */
  #page(page: number): Promise<Versions> {
    const rows = [0, 1, 2].map(part => PARTS[(page + part) % PARTS.length] ?? 0)
    const make = async (): Promise<Versions> => {
      await this.#pause()
      const [first, ...others] = rows
      const parts = [await this.#row(first ?? 0), ...(await Promise.all(others.map(row => this.#row(row))))]
      await this.#pause()
      return Object.assign({}, ...parts) as Versions
    }
    return this.#cache.getOrSet(`page:${page}`, make, POLICY)
  }

  async #load(row: number): Promise<Versions> {
    await this.#pause()
    if (this.#chance.once(20)) throw new Error('the origin is out of reach')
    const version = this.#committed[row] ?? 0
    await this.#pause()
    return { [row]: version }
  }

  async #purge(row: number, version: number): Promise<void> {
    const key = `row:${row}`
    if (this.#chance.once(60)) return this.#cache.clear()
    if (row % 2 === 0) return this.#cache.invalidate(this.#chance.of<Target>([`tag:${row}`, ['other', `tag:${row}`]]))
    if (this.#chance.once(6)) return this.#cache.set(key, { [row]: version }, { ...POLICY, tags: [`tag:${row}`] })
    if (this.#chance.once(6)) return void (await this.#cache.delete(key))
    return this.#cache.invalidate(
      this.#chance.of<Target>([`tag:${row}`, { key }, { keys: [key, 'other'] }, { prefix: key }, { pattern: `*${row}` }]),
    )
  }
}
