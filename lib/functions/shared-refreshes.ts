interface Running {
  readonly end: Promise<unknown>
  /** Begins when this one has ended. */
  next: Promise<unknown> | undefined
}

/** Refreshes by key. Who asks for one is answered by one that begins after he asked, and shares it with all who asked before it began. */
export class SharedRefreshes {
  readonly #running = new Map<string, Running>()

  run(key: string, refresh: () => Promise<unknown>): Promise<unknown> {
    const running = this.#running.get(key)
    if (running === undefined) return this.#begin(key, refresh)
    running.next ??= running.end.then(
      () => this.#begin(key, refresh),
      () => this.#begin(key, refresh),
    )
    return running.next
  }

  async #begin(key: string, refresh: () => Promise<unknown>): Promise<unknown> {
    const end = refresh()
    const running: Running = { end, next: undefined }
    this.#running.set(key, running)
    try {
      return await end
    } finally {
      // One that is to follow takes its place.
      if (running.next === undefined && this.#running.get(key) === running) this.#running.delete(key)
    }
  }
}
