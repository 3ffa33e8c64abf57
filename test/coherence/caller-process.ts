import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Says, Told } from './caller.js'

/** How long its right to load lasts, and how long it is thought to be alive without having been heard of, ms. */
export interface Leases {
  readonly fillMs: number
  readonly membershipMs: number
}

const PROCESS = fileURLToPath(new URL('caller.js', import.meta.url))

/** A process in which many ask for the same at once. */
export class CallerProcess {
  readonly #child: ChildProcess
  readonly #said: Says[] = []
  readonly #ended: Promise<unknown>

  constructor(url: string, prefix: string, { fillMs, membershipMs }: Leases) {
    this.#child = fork(PROCESS, [url, prefix, String(fillMs), String(membershipMs)])
    this.#child.on('message', says => this.#said.push(says as Says))
    this.#ended = once(this.#child, 'exit')
  }

  /** How often its loader has been called. */
  get loads(): number {
    return this.#said.filter(({ state }) => state === 'loading').length
  }

  /** Waits until it has said so, if it has not yet. Rejects when it ends first. */
  async says<State extends Says['state']>(state: State): Promise<Extract<Says, { state: State }>> {
    for (;;) {
      const found = this.#said.find((says): says is Extract<Says, { state: State }> => says.state === state)
      if (found !== undefined) return found
      const over = await Promise.race([once(this.#child, 'message').then(() => false), this.#ended.then(() => true)])
      if (over) throw new Error(`It ended before it was ${state}`)
    }
  }

  tell(told: Told): void {
    this.#child.send(told)
  }

  /** Ends it without a word. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }
}
