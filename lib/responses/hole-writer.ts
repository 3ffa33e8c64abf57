import type { ServerResponse } from 'node:http'
import type { Filling } from '../holes/holes.js'

/** Writes bytes and what fills holes in their order, each as soon as all before it is written. */
export class HoleWriter {
  readonly #response: ServerResponse
  readonly #write: (bytes: Buffer) => boolean
  readonly #drained: () => void
  readonly #queue: Filling[] = []
  #waiting = false
  #ended: (() => void) | undefined

  /** @param drained tells who waits that more is welcome */
  constructor(response: ServerResponse, write: (bytes: Buffer) => boolean, drained: () => void) {
    this.#response = response
    this.#write = write
    this.#drained = drained
  }

  /** @returns whether more is welcome now; if not, `'drain'` says when it is */
  write(pieces: readonly Filling[]): boolean {
    this.#queue.push(...pieces)
    const welcome = this.#flush()
    return welcome && !this.#waiting
  }

  /** @param end called when everything is written */
  end(pieces: readonly Filling[], end: () => void): void {
    this.#ended = end
    this.write(pieces)
  }

  #flush(): boolean {
    if (this.#waiting) return false
    let welcome = true
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next instanceof Promise) {
        this.#waiting = true
        // What fills a hole never fails: it has its fallback.
        void next.then(bytes => this.#goOn(bytes))
        return false
      }
      if (next.length > 0) welcome = this.#write(next)
    }
    this.#ended?.()
    return welcome
  }

  #goOn(bytes: Buffer): void {
    this.#waiting = false
    this.#queue.unshift(bytes)
    if (this.#flush() && this.#ended === undefined && !this.#response.writableNeedDrain) this.#drained()
  }
}
