import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Farewell } from './leaver.js'

/** How a process ended. */
export interface Departure extends Farewell {
  /** From when it had said farewell, on its running clock. */
  readonly exitMs: number
  readonly code: number | null
  /** What it wrote to its output, and what ioredis wrote. */
  readonly said: string
}

/** A process that waits to be told to leave. */
export class Leaver {
  readonly here: Promise<unknown>
  readonly #child: ChildProcess
  readonly #said: Promise<readonly string[]>
  readonly #exit: Promise<number | null>
  /** What it tells of itself at its very end. */
  readonly #lasted: Promise<string>

  constructor(url: string) {
    const child = fork(fileURLToPath(new URL('leaver.js', import.meta.url)), [url], { stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'] })
    this.#child = child
    this.#said = Promise.all([child.stdout, child.stderr].map(async stream => (stream === null ? '' : text(stream))))
    this.#exit = once(child, 'exit').then(([code]) => code as number | null)
    this.#lasted = text(child.stdio[4] as Readable)
    this.here = this.#hears()
    this.here.catch(() => undefined)
  }

  async leave(): Promise<Departure> {
    await this.here
    const hears = this.#hears()
    this.#child.send('leave')
    const farewell = (await hears) as Farewell
    const code = await this.#exit
    return { ...farewell, exitMs: Number.parseFloat(await this.#lasted), code, said: (await this.#said).join('') }
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** What the process says next. */
  async #hears(): Promise<unknown> {
    const ended = this.#exit.then(async code => {
      throw new Error(`The process ended with ${code}, saying: ${(await this.#said).join('')}`)
    })
    const [said] = (await Promise.race([once(this.#child, 'message'), ended])) as [unknown]
    return said
  }
}
