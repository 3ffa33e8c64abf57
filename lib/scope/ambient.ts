import { AsyncLocalStorage } from 'node:async_hooks'

/** What the code runs for, through `await`, timers and callbacks. From the first `run` on everything is tracked: nobody has to say when it is over. */
export class Ambient<Work extends object> {
  readonly #storage = new AsyncLocalStorage<Work>()

  get(): Work | undefined {
    return this.#storage.getStore()
  }

  run<T>(work: Work, inside: () => T): T {
    return this.#storage.run(work, inside)
  }
}
