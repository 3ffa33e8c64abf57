import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import { StoreError } from '../errors.js'
import type { Purge } from '../journal/purge.js'
import type { FillLease, Intent, PurgeOptions, Reading, Store } from '../stores/store.js'
import type { Clock } from '../time/clock.js'
import type { Announcer } from './announcer.js'

/** The engine's way to its store: what fails there is a `StoreError`, or announced where no caller can be told. */
export class StoreDoor {
  readonly #store: Store
  readonly #clock: Clock
  readonly #announce: Announcer

  constructor(store: Store, clock: Clock, announce: Announcer) {
    this.#store = store
    this.#clock = clock
    this.#announce = announce
  }

  /** @throws {StoreError} */
  read(key: string, toFill: boolean, at = this.#clock.now()): Promise<Reading> {
    return ask('read', () => this.#store.read(key, at, toFill))
  }

  /** A read on the way to a load that is wanted whatever there is. @throws {StoreError} */
  readToReplace(key: string): Promise<Reading> {
    return ask('read', () => this.#store.read(key, Infinity, true))
  }

  /**
   * A read on the way to a load, which is not held up by a store that fails: `undefined` then. At once from a store that answers at once.
   * @param at epoch ms; at `Infinity` it asks for a lease also where the entry is fresh
   */
  readToLoad(key: string, at = this.#clock.now()): Reading | undefined | Promise<Reading | undefined> {
    const failed = (error: unknown) => {
      this.#announce.error('store', key, new StoreError('read', error))
      return undefined
    }
    try {
      const reading = this.#store.read(key, at, true)
      return 'then' in reading ? Promise.resolve(reading).catch(failed) : reading
    } catch (error) {
      return failed(error)
    }
  }

  /** Why an entry would not be kept, whatever else is there; `undefined` if it would be. */
  refusal(entry: Entry): 'expired' | 'max-bytes' | undefined {
    if (judge(entry, entry.createdAt) === 'gone') return 'expired'
    return entry.bytes > (this.#store.maxBytes ?? Infinity) ? 'max-bytes' : undefined
  }

  /** @returns why the entry was not kept, if it was not */
  async fill(entry: Entry, lease: FillLease, supersede: boolean): Promise<string | undefined> {
    const refusal = this.refusal(entry)
    if (refusal === 'expired') {
      await this.release(entry.key, lease)
      return refusal
    }
    try {
      const kept = this.#store.fill(entry, lease, supersede)
      return (typeof kept === 'boolean' ? kept : await kept) ? undefined : (refusal ?? 'purged')
    } catch (error) {
      this.#announce.error('store', entry.key, new StoreError('fill', error))
      return 'store'
    }
  }

  async release(key: string, lease: FillLease): Promise<void> {
    try {
      await ask('release', () => this.#store.release(key, lease))
    } catch (error) {
      this.#announce.error('store', key, error)
    }
  }

  /** @throws {StoreError} */
  put(entry: Entry): Promise<void> {
    return ask('put', () => this.#store.put(entry))
  }

  /** @throws {StoreError} */
  add(entry: Entry): Promise<boolean> {
    return ask('add', () => this.#store.add(entry, this.#clock.now()))
  }

  /** @throws {StoreError} */
  touch(entry: Entry): Promise<boolean> {
    return ask('touch', () => this.#store.touch(entry, this.#clock.now()))
  }

  /** @throws {StoreError} */
  count(entry: Entry, by: number): Promise<number> {
    return ask('count', () => this.#store.count(entry, by, this.#clock.now()))
  }

  /** @returns nothing where the store does it at once. @throws {StoreError} */
  purge(purges: readonly Purge[], options: PurgeOptions): void | Promise<void> {
    const failed = (error: unknown): never => {
      throw new StoreError('purge', error)
    }
    try {
      const purging = this.#store.purge(purges, options)
      return purging === undefined ? undefined : Promise.resolve(purging).catch(failed)
    } catch (error) {
      return failed(error)
    }
  }

  /** @throws {StoreError} */
  intend(purges: readonly Purge[]): Promise<Intent | undefined> {
    return ask('intend', () => this.#store.intend?.(purges))
  }
}

async function ask<T>(operation: string, question: () => T | Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw new StoreError(operation, error)
  }
}
