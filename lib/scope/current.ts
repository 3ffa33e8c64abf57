import { AsyncLocalStorage } from 'node:async_hooks'

/** Which piece of work the code belongs to, through `await`, timers and callbacks. While none is open nothing is tracked. */
export class Current<Work extends object> {
  readonly #storage = new AsyncLocalStorage<Work>()
  readonly #open = new Set<Work>()

  get(): Work | undefined {
    return this.#open.size === 0 ? undefined : this.#storage.getStore()
  }

  /** Runs what belongs to the work, which stays open until it is closed. */
  run<T>(work: Work, inside: () => T): T {
    this.#open.add(work)
    return this.#storage.run(work, inside)
  }

  close(work: Work): void {
    if (this.#open.delete(work) && this.#open.size === 0) this.#storage.disable()
  }
}
