import type { Engine } from '../cache/engine.js'
import type { Purge } from '../journal/purge.js'
import type { Intent } from '../stores/store.js'
import type { Control } from './control.js'
import { Current } from '../scope/current.js'
import { Ledger, type Held, type Touch } from './ledger.js'
import { bounded, EVERYTHING } from './tags.js'
import type { Dialect } from './tokens.js'

/** How a statement is sent, and how the transaction of its connection is rolled back should that be needed. */
export interface Sending<T> {
  readonly send: () => Promise<T>
  readonly rollback: () => Promise<unknown>
  /** Sends another statement on the same connection, past all that looks at statements, as is needed to make this one a transaction; absent where it cannot be one. */
  readonly past?: (sql: string) => Promise<unknown>
}

/** A statement that writes, or that commits an open transaction by itself. */
export interface Write<T> {
  readonly commits: boolean
  readonly touched: ReadonlySet<string>
  /** Of what was known of the tables when that was found out. */
  readonly revision: number
  /** What it has touched by what it was answered, if that tells more. */
  readonly refined: ((result: T) => ReadonlySet<string>) | undefined
  /** What is to be said because of it, once it is committed. */
  readonly said: ((result: T) => readonly Held[]) | undefined
}

/**
 * Purges what committed writes have touched, before whoever wrote hears of it (docs/coherence.md). What it goes by is the text of
 * the statements on each connection, for nothing else tells reliably when a COMMIT has been answered.
 */
export class Writes {
  readonly #engine: Engine
  readonly #prefix: string
  readonly #dialect: Dialect
  readonly #revision: () => number
  readonly #ledgers = new WeakMap<object, Ledger>()
  /** The transaction of which the code is that runs. */
  readonly #within = new Current<Ledger>()

  /**
   * @param prefix what the tags of the namespace begin with
   * @param revision moves when what is known of the tables changes
   */
  constructor(engine: Engine, prefix: string, dialect: Dialect, revision: () => number) {
    this.#engine = engine
    this.#prefix = prefix
    this.#dialect = dialect
    this.#revision = revision
  }

  /** The transaction that is open on the connection, or may be. */
  openOn(connection: object): Ledger | undefined {
    const ledger = this.#ledgers.get(connection)
    return ledger?.open === true ? ledger : undefined
  }

  /** Runs what belongs to the transaction that is open on the connection. */
  inside<T>(connection: object, work: () => T): T {
    const ledger = this.openOn(connection)
    return ledger === undefined ? work() : this.#within.run(ledger, work)
  }

  /** Keeps what is to be said for the commit of the transaction in which it is to be said, and forgets it at its rollback; `false` outside of any. */
  hold(held: Held): boolean {
    const ledger = this.#within.get()
    if (ledger?.open !== true) return false
    ledger.hold(held)
    return true
  }

  /** Sends a statement that writes, or that commits an open transaction by itself. */
  write<T>(connection: object, write: Write<T>, sending: Sending<T>): Promise<T> {
    const ledger = this.openOn(connection)
    if (ledger !== undefined) return this.#writeWithin(ledger, write, sending.send)
    // An intent has to name all that will be purged, and only in a transaction is a statement answered before COMMIT.
    if (write.refined !== undefined && sending.past !== undefined && this.#engine.store.intend !== undefined)
      return this.#writeAlone(this.#ledgerOf(connection), write, sending, sending.past)
    const touch = { tags: write.touched }
    const send = write.refined === undefined ? sending.send : () => answered(touch, write, sending.send)
    const written = this.#committing(touch, write.revision, send)
    return write.said === undefined ? written : saying(written, write.said)
  }

  /** Ends what depends on these tags. @throws {StoreError} */
  async purge(touched: ReadonlySet<string>): Promise<void> {
    await this.#purge(touched, undefined)
  }

  /** Keeps what is to be said for the commit of the transaction that is open on the connection. */
  holdOn(connection: object, held: readonly Held[]): void {
    const ledger = this.openOn(connection)
    for (const one of held) ledger?.hold(one)
  }

  async #writeAlone<T>(ledger: Ledger, write: Write<T>, { send, rollback }: Sending<T>, past: Required<Sending<T>>['past']): Promise<T> {
    await past('BEGIN')
    ledger.begin(write.revision)
    try {
      const result = await this.#writeWithin(ledger, write, send)
      await this.#commit(ledger, false, { send: () => past('COMMIT'), rollback })
      return result
    } catch (error) {
      if (ledger.open)
        await this.#rollBack(ledger, false, rollback).catch((failure: unknown) => this.#engine.announce.error('load', '', failure))
      throw error
    }
  }

  #writeWithin<T>(ledger: Ledger, write: Write<T>, send: () => Promise<T>): Promise<T> {
    const touch = { tags: write.touched }
    ledger.touch(touch)
    // What is written may be committed at once, or not: it is purged at once, and at the end once more.
    if (write.commits) ledger.unsure = true
    const sending = ledger.unsure ? () => this.#committing({ tags: ledger.touched }, ledger.revision, send) : send
    const tells = write.refined !== undefined || write.said !== undefined
    return tells || this.#endsSilently ? this.#heardOut(ledger, touch, write, sending) : sending()
  }

  /** Sends a statement of whose answer, or failure, there is something to be learned. */
  async #heardOut<T>(ledger: Ledger, touch: Touch, write: Write<T>, send: () => Promise<T>): Promise<T> {
    try {
      const result = await answered(touch, write, send)
      for (const held of write.said?.(result) ?? []) ledger.hold(held)
      return result
    } catch (error) {
      if (this.#endsSilently) ledger.unsure = true
      throw error
    }
  }

  /** A deadlock, or on SQLite a conflict, may roll back the whole transaction without a word, and what follows is committed statement by statement. */
  get #endsSilently(): boolean {
    return this.#dialect !== 'postgresql'
  }

  /** Sends a statement that begins, ends or divides the transaction of its connection. */
  control<T>(connection: object, control: Control, sending: Sending<T>): Promise<T> {
    const ledger = this.#ledgerOf(connection)
    switch (control.kind) {
      case 'begin':
        return this.#begin(ledger, sending.send)
      case 'commit':
        return ledger.open ? this.#commit(ledger, control.chain, sending) : sending.send()
      case 'rollback':
        return this.#rollBack(ledger, control.chain, sending.send)
      case 'release':
        return ledger.commitsWith(control.name)
          ? this.#commit(ledger, false, sending)
          : this.#divide(ledger, sending.send, () => ledger.release(control.name))
      case 'savepoint':
        return this.#divide(ledger, sending.send, () => ledger.savepoint(control.name))
      case 'rollback to':
        return this.#divide(ledger, sending.send, () => ledger.rollbackTo(control.name))
      case 'unknown':
        return this.#guess(ledger, sending.send)
    }
  }

  async #begin<T>(ledger: Ledger, send: () => Promise<T>): Promise<T> {
    // Where one is open already, MySQL commits it, and others may go on with it.
    const { touched } = ledger
    const touch = { tags: touched }
    const result = await this.#committing(touch, ledger.revision, send)
    ledger.begin(this.#revision())
    ledger.touch(touch)
    ledger.begunIn = this.#engine.scopes.current
    return result
  }

  async #commit<T>(ledger: Ledger, chain: boolean, { send, rollback }: Sending<T>): Promise<T> {
    let rolledBack = false
    const undo = async () => {
      await rollback()
      rolledBack = true
    }
    try {
      const result = await this.#committing({ tags: ledger.touched }, ledger.revision, send, undo)
      const { held } = ledger
      this.#end(ledger, chain)
      await said(held)
      return result
    } catch (error) {
      if (rolledBack) this.#end(ledger, false)
      else if (ledger.open) ledger.unsure = true
      throw error
    }
  }

  async #rollBack<T>(ledger: Ledger, chain: boolean, send: () => Promise<T>): Promise<T> {
    const { touched, unsure } = ledger
    try {
      const result = await (unsure ? this.#committing({ tags: touched }, ledger.revision, send) : send())
      this.#end(ledger, chain)
      return result
    } catch (error) {
      if (!unsure) await this.#purgeBehind(touched, undefined)
      if (ledger.open) ledger.unsure = true
      throw error
    }
  }

  #end(ledger: Ledger, chain: boolean): void {
    ledger.end()
    this.#within.close(ledger)
    if (chain) ledger.begin(this.#revision())
  }

  async #divide<T>(ledger: Ledger, send: () => Promise<T>, apply: () => void): Promise<T> {
    try {
      const result = await send()
      apply()
      return result
    } catch (error) {
      // On MySQL the transaction may have ended before, and its savepoints with it.
      if (this.#dialect === 'mysql') ledger.unsure = true
      throw error
    }
  }

  async #guess<T>(ledger: Ledger, send: () => Promise<T>): Promise<T> {
    if (!ledger.open) ledger.begin(this.#revision())
    ledger.touch({ tags: new Set(EVERYTHING) })
    ledger.unsure = true
    return this.#committing({ tags: ledger.touched }, ledger.revision, send)
  }

  /**
   * Sends what may commit: the intent before it, the purge after it, whatever it was answered, for an answer can be lost.
   * @param revision what was known of the tables when it was found out what is touched
   * @param undo what to do instead of sending it when the intent cannot be declared
   * @throws what the database says; {StoreError} if the purge cannot be said, before the commit or after it
   */
  #committing<T>(touch: Touch, revision: number, send: () => Promise<T>, undo?: () => Promise<unknown>): Promise<T> {
    return touch.tags.size === 0 ? send() : this.#purging(touch, revision, send, undo)
  }

  async #purging<T>(touch: Touch, revision: number, send: () => Promise<T>, undo?: () => Promise<unknown>): Promise<T> {
    const intent = this.#engine.store.intend === undefined ? undefined : await this.#intend(touch.tags, undo)
    let result: T
    try {
      result = await send()
    } catch (error) {
      await this.#purgeBehind(this.#asOfNow(touch.tags, revision), intent)
      throw error
    }
    await this.#purge(this.#asOfNow(touch.tags, revision), intent)
    return result
  }

  /** COMMIT may be sent only while the intent stands. [intentcheck] */
  async #intend(touched: ReadonlySet<string>, undo: (() => Promise<unknown>) | undefined): Promise<Intent | undefined> {
    try {
      for (;;) {
        const intent = await this.#engine.intend(this.#purges(touched))
        if (intent === undefined || intent.stands()) return intent
      }
    } catch (error) {
      await undo?.().catch((failure: unknown) => this.#engine.announce.error('store', '', failure))
      throw error
    }
  }

  #purge(touched: ReadonlySet<string>, intent: Intent | undefined): void | Promise<void> {
    return touched.size === 0 ? undefined : this.#engine.purge(this.#purges(touched), { wait: true, intent }, 'written to')
  }

  /** Purges where the caller is to hear of something worse than that this failed. */
  async #purgeBehind(touched: ReadonlySet<string>, intent: Intent | undefined): Promise<void> {
    try {
      await this.#purge(touched, intent)
    } catch (failure) {
      this.#engine.announce.error('store', '', failure)
    }
  }

  /** What hangs on a table may have changed since it was found out what is touched. */
  #asOfNow(touched: ReadonlySet<string>, revision: number): ReadonlySet<string> {
    return revision === this.#revision() ? touched : new Set([...touched, ...EVERYTHING])
  }

  #purges(touched: ReadonlySet<string>): readonly Purge[] {
    const at = this.#engine.clock.now()
    const purges: Purge[] = []
    for (const tag of bounded(touched)) purges.push({ kind: 'tag', name: this.#prefix + tag, soft: false, at })
    return purges
  }

  #ledgerOf(connection: object): Ledger {
    const ledger = this.#ledgers.get(connection) ?? new Ledger(this.#dialect)
    this.#ledgers.set(connection, ledger)
    return ledger
  }
}

/** Sends a statement, and takes from its answer what it has touched. */
async function answered<T>(touch: Touch, { refined }: Write<T>, send: () => Promise<T>): Promise<T> {
  const result = await send()
  if (refined !== undefined) touch.tags = refined(result)
  return result
}

/** Says what is to be said because of what was written. */
async function saying<T>(written: Promise<T>, toSay: (result: T) => readonly Held[]): Promise<T> {
  const result = await written
  await said(toSay(result))
  return result
}

/** Says what was held, one after the other. @throws what fails of it, after all was said; of several an AggregateError */
async function said(held: readonly Held[]): Promise<void> {
  const errors: unknown[] = []
  for (const one of held) await one().catch((error: unknown) => errors.push(error))
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} listeners failed after the commit`)
}
