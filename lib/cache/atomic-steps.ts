import { ConfigError, shown } from '../errors.js'
import type { Entry } from '../entries/entry.js'
import { newEntry } from './new-entry.js'
import type { Space } from './space.js'
import { policyFor, type ValuePolicy } from './value-policy.js'

/** Changes that depend on what is there, each one step in the store. */
export class AtomicSteps {
  readonly #space: Space

  constructor(space: Space) {
    this.#space = space
  }

  /** @returns whether nothing fresh was there, so that it was kept */
  async add(key: string, value: unknown, policy: ValuePolicy): Promise<boolean> {
    const entry = await this.#entry(key, value, policy)
    const { engine } = this.#space
    const kept = await engine.door.add(entry)
    if (kept || engine.door.refusal(entry) !== undefined) engine.announcePut(entry)
    return kept
  }

  /** @returns whether there was something fresh */
  async touch(key: string, policy: ValuePolicy): Promise<boolean> {
    return this.#space.engine.door.touch(await this.#entry(key, undefined, policy))
  }

  /** @throws {ConfigError} unless `by` is a finite number */
  async count(key: string, by: unknown, policy: ValuePolicy): Promise<number> {
    if (typeof by !== 'number' || !Number.isFinite(by)) throw new ConfigError(`Expected to count by a finite number, got ${shown(by)}`)
    return this.#space.engine.door.count(await this.#entry(key, by, policy), by)
  }

  async #entry(key: string, value: unknown, policy: ValuePolicy): Promise<Entry> {
    const name = this.#space.name(key)
    this.#space.assertOpen()
    return newEntry(name, policy.contentOf(value), await policyFor(policy, value), this.#space.engine.clock)
  }
}
