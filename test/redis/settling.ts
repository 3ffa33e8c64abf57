import type { Store } from 'smart-cache'

/** A store of which one can wait until it has done all that it was asked. */
export class Settling {
  readonly store: Store
  readonly #underWay = new Set<Promise<unknown>>()

  constructor(store: Store) {
    this.store = new Proxy(store, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name, target)
        if (typeof method !== 'function') return method
        // One site's cache is closed, and not what all stand on.
        if (name === 'close') return () => undefined
        return (...args: readonly unknown[]): unknown => this.#noted(Reflect.apply(method, target, args))
      },
    })
  }

  /** What comes of an answer is asked in the next turn of the event loop, if at all. */
  async settled(): Promise<void> {
    do {
      await Promise.allSettled(this.#underWay)
      await new Promise(resolve => setImmediate(resolve))
    } while (this.#underWay.size > 0)
  }

  #noted(answer: unknown): unknown {
    if (!(answer instanceof Promise)) return answer
    this.#underWay.add(answer)
    const end = () => this.#underWay.delete(answer)
    answer.then(end, end)
    return answer
  }
}
