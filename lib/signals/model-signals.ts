import { ConfigError, shown } from '../errors.js'
import { checkedOptions, requiredFunction } from '../options.js'

/** What happened to a row of a model: it was created (no `before`), changed, or deleted (no `after`). */
export interface Change<Row> {
  readonly before?: Row | undefined
  readonly after?: Row | undefined
}

/** What a listener hears of a change. */
export interface HeardChange<Row> {
  readonly model: string
  readonly kind: ChangeKind
  /** As it was; absent of one that was created, or where whoever raised the signal does not know. */
  readonly before: Row | undefined
  /** As it is; absent of one that was deleted. */
  readonly after: Row | undefined
}

export type ChangeKind = 'saved' | 'deleted'

export type ChangeListener<Row> = (change: HeardChange<Row>) => unknown

/** Rows as they come where nobody says more of them. */
export type AnyRow = Readonly<Record<string, unknown>>

/** Takes a signal over, to raise it later or never; `false` leaves it. */
export type Holder = (raise: () => Promise<void>) => boolean

const KINDS: readonly ChangeKind[] = ['saved', 'deleted']

/** Announcements that data have changed, raised by whoever writes them. */
export class ModelSignals {
  readonly #listeners = new Map<string, Set<ChangeListener<never>>>()
  readonly #holders = new Set<Holder>()

  /**
   * Calls `listener` at each such change of the model in this process, until the returned function is called. Whoever raises the signal waits
   * for what the listener returns, and is told if it fails.
   * @throws {ConfigError} for a kind that is neither `'saved'` nor `'deleted'`
   */
  on<Row = AnyRow>(model: string, kind: ChangeKind | readonly ChangeKind[], listener: ChangeListener<Row>): () => void {
    const kinds = checkedKinds(kind)
    checkModel(model)
    requiredFunction(listener, 'listener')
    for (const one of kinds) this.#of(one, model).add(listener)
    return () => {
      for (const one of kinds) this.#of(one, model).delete(listener)
    }
  }

  /**
   * Says that a row was created or changed. Resolves when every listener is done.
   * @throws {ConfigError} for what is no change, such as the row itself; what a listener throws, when all were called; of several an AggregateError
   */
  saved<Row>(model: string, change: Change<Row>): Promise<void> {
    return this.#raise('saved', model, change)
  }

  /** The same of a row that was deleted. */
  deleted<Row>(model: string, change: Change<Row>): Promise<void> {
    return this.#raise('deleted', model, change)
  }

  /** Does anybody listen to any model? @internal */
  get heard(): boolean {
    for (const listeners of this.#listeners.values()) if (listeners.size > 0) return true
    return false
  }

  /**
   * Asks `holder` first from now on, until the returned function is called: inside a transaction it keeps `raise` for the commit, and forgets it
   * at a rollback. Whoever raised the signal does not wait then.
   * @internal
   */
  heldBy(holder: Holder): () => void {
    this.#holders.add(holder)
    return () => this.#holders.delete(holder)
  }

  async #raise<Row>(kind: ChangeKind, model: string, change: Change<Row>): Promise<void> {
    checkModel(model)
    if (change === undefined) throw new ConfigError(`Expected ${kind}() to be given a change, { before, after }, got undefined`)
    // What a listener has heard may be passed on.
    const { before, after } = checkedOptions(change, `${kind}()`, ['before', 'after', 'model', 'kind']) as Change<Row>
    const listeners = [...this.#of(kind, model)]
    const raise = () => told(listeners, { model, kind, before, after })
    for (const holder of this.#holders) if (holder(raise)) return
    await raise()
  }

  #of(kind: ChangeKind, model: string): Set<ChangeListener<never>> {
    const name = `${kind} ${model}`
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    return listeners
  }
}

function checkModel(model: unknown): void {
  if (typeof model !== 'string' || model === '') throw new ConfigError(`Expected a model to be named by a text, got ${shown(model)}`)
}

function checkedKinds(kind: unknown): readonly ChangeKind[] {
  const kinds: readonly unknown[] = Array.isArray(kind) ? kind : [kind]
  if (kinds.length === 0 || !kinds.every(one => KINDS.some(known => known === one)))
    throw new ConfigError(`Expected 'saved', 'deleted' or both to listen to, got ${kinds.map(shown).join(', ') || 'none'}`)
  return KINDS.filter(known => kinds.includes(known))
}

async function told(listeners: readonly ChangeListener<never>[], change: HeardChange<unknown>): Promise<void> {
  const ends = await Promise.allSettled(listeners.map(async listener => (listener as ChangeListener<unknown>)(change)))
  const errors: unknown[] = ends.filter(end => end.status === 'rejected').map(end => end.reason)
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} listeners failed at ${change.kind} of ${change.model}`)
}
