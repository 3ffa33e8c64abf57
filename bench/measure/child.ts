import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of its own for one contender, so that none runs on code that was optimised for another. One question at a time. */
export class Child<Answer> {
  readonly #process: ChildProcess
  readonly #died: Promise<never>

  /** @param module the compiled module to run, see `serveQuestions` */
  constructor(module: URL, args: readonly string[]) {
    this.#process = fork(fileURLToPath(module), [...args], { env: { ...process.env, NODE_ENV: 'production' } })
    this.#died = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`The process of ${args.join(', ')} ended with ${String(code)}`)
    })
    // Awaited by questions only; between them nobody listens.
    this.#died.catch(() => {})
  }

  async ask(ms = 0): Promise<Answer> {
    const answered = once(this.#process, 'message')
    this.#process.send(ms)
    const [answer] = await Promise.race([answered, this.#died])
    return answer as Answer
  }

  close(): void {
    this.#process.disconnect()
  }
}
