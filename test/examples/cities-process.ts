import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { endWithUs } from '../servers/keeper.js'

const MAIN = fileURLToPath(new URL('../../examples/cities/main.js', import.meta.url))

/** The example, started as a person starts it. */
export class CitiesProcess {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>
  output = ''
  errors = ''

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', PORT: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    endWithUs(this.#child)
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text))
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.#ended = once(this.#child, 'close')
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Waits for something to be said, and returns the part in parentheses. Rejects when the process ends first. */
  async says(pattern: RegExp): Promise<string> {
    return this.#found(pattern, this.#child.stdout, () => this.output)
  }

  /** The same for what is said of trouble. */
  async complains(pattern: RegExp): Promise<string> {
    return this.#found(pattern, this.#child.stderr, () => this.errors)
  }

  /** Where it answers, once it does. */
  async address(): Promise<string> {
    return (await this.says(/(http:\/\/localhost:\d+)\//)).replace('localhost', '127.0.0.1')
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** The exit code, once it has ended. */
  async ended(): Promise<number | null> {
    await this.#ended
    return this.#child.exitCode
  }

  async #found(pattern: RegExp, stream: Readable | null, text: () => string): Promise<string> {
    const found = (): string | undefined => pattern.exec(text())?.[1]
    while (found() === undefined) {
      const more = once(stream ?? this.#child, 'data')
      const over = await Promise.race([more.then(() => false), this.#ended.then(() => true)])
      if (over && found() === undefined) throw new Error(`Ended without saying ${pattern}:\n${this.output}${this.errors}`)
    }
    return found() ?? ''
  }
}
