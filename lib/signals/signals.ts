type Listener<T> = (event: T) => void

/**
 * Typed announcements. A listener runs at once, in the announcer's turn; one that throws disturbs nobody else: its error becomes a process
 * warning. Nothing is allocated for a signal that nobody listens to.
 */
export class Signals<Events extends object> {
  readonly #changed: ((name: keyof Events, heard: boolean) => void) | undefined
  readonly #listeners: { [Name in keyof Events]?: readonly Listener<Events[Name]>[] } = {}

  /** @param changed told when a signal begins or ends to be heard */
  constructor(changed?: (name: keyof Events, heard: boolean) => void) {
    this.#changed = changed
  }

  /** Calls `listener` at each signal `name`, until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    if (!this.heard(name)) this.#changed?.(name, true)
    this.#listeners[name] = [...(this.#listeners[name] ?? []), listener]
    return () => this.off(name, listener)
  }

  off<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): void {
    if (!this.heard(name)) return
    const left = this.#listeners[name]?.filter(other => other !== listener) ?? []
    if (left.length > 0) {
      this.#listeners[name] = left
      return
    }
    delete this.#listeners[name]
    this.#changed?.(name, false)
  }

  /** Is anybody listening? Ask before making an event. */
  heard(name: keyof Events): boolean {
    return this.#listeners[name] !== undefined
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of this.#listeners[name] ?? []) {
      try {
        listener(event)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error), {
          type: 'SmartCacheWarning',
          detail: `A listener of '${String(name)}' threw.`,
        })
      }
    }
  }
}
