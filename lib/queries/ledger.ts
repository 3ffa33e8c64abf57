import type { Dialect } from './tokens.js'

/** What a statement has touched; less, perhaps, once it is answered. */
export interface Touch {
  tags: ReadonlySet<string>
}

interface Frame {
  /** Of a savepoint. */
  readonly name: string | undefined
  readonly touched: Set<Touch>
  /** What is to be said once it is committed. */
  readonly held: Held[]
}

export type Held = () => Promise<void>

/** What one connection has touched in its open transaction, and would take back with each savepoint. */
export class Ledger {
  readonly #dialect: Dialect
  #frames: Frame[] = []
  /** Whether the transaction is still open is not known: what is written may be committed at once, and at the end nothing is taken back. */
  unsure = false
  /** What was known of the tables when it began. */
  revision = 0
  /** The work in which the transaction began. */
  begunIn: unknown

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  get open(): boolean {
    return this.#frames.length > 0
  }

  /** All that the transaction has touched so far. */
  get touched(): ReadonlySet<string> {
    const tags = new Set<string>()
    for (const frame of this.#frames) for (const touch of frame.touched) for (const tag of touch.tags) tags.add(tag)
    return tags
  }

  /** @param revision of what is known of the tables */
  begin(revision: number): void {
    this.revision = revision
    this.#frames = [{ name: undefined, touched: new Set(), held: [] }]
    this.unsure = false
  }

  /** What is held, in its order. */
  get held(): readonly Held[] {
    return this.#frames.flatMap(({ held }) => held)
  }

  hold(held: Held): void {
    this.#frames.at(-1)?.held.push(held)
  }

  touch(touch: Touch): void {
    this.#frames.at(-1)?.touched.add(touch)
  }

  /** On SQLite the first savepoint begins a transaction; elsewhere one outside of any has no effect. */
  savepoint(name: string): void {
    if (this.open || this.#dialect === 'sqlite') this.#frames.push({ name, touched: new Set(), held: [] })
  }

  /** Would the release of this savepoint commit? That of the one that began the transaction does. */
  commitsWith(name: string): boolean {
    return this.#find(name) === 0
  }

  release(name: string): void {
    const index = this.#find(name)
    if (index < 1) return
    const released = this.#frames.splice(index)
    for (const { touched, held } of released) {
      for (const touch of touched) this.touch(touch)
      for (const one of held) this.hold(one)
    }
  }

  rollbackTo(name: string): void {
    const index = this.#find(name)
    if (index === -1) return
    this.#frames.splice(index + 1)
    const frame = this.#frames[index]
    frame?.touched.clear()
    frame?.held.splice(0)
  }

  end(): void {
    this.#frames = []
    this.unsure = false
    this.begunIn = undefined
  }

  #find(name: string): number {
    return this.#frames.findLastIndex(frame => frame.name === name)
  }
}
