import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'

/** Has a program end when this process ends, however that is, and sooner if it likes. For those that cannot be made to hear of it themselves. */
export function endWithUs(child: ChildProcess): void {
  const keeper = new Keeper()
  keeper.watch(child.pid)
  child.once('exit', () => {
    keeper.watch(undefined)
    void keeper.finish()
  })
}

const SCRIPT = `pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then kill -KILL "$pid"; fi
if [ -n "$1" ]; then rm -rf -- "$1"; fi`

/**
 * A small process that outlives this one, however it ends, by a moment: it then ends the server and removes its folder, if there is one. It learns of our end from its input,
 * which only we hold open.
 */
export class Keeper {
  readonly #child: ChildProcess
  readonly #input: Socket

  constructor(folder = '') {
    // Detached: Ctrl-C in the terminal must not end the keeper before its work is done.
    this.#child = spawn('/bin/sh', ['-c', SCRIPT, 'keeper', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
    this.#child.unref()
    this.#input = this.#child.stdin as Socket
    this.#input.unref()
    this.#input.on('error', () => undefined)
  }

  /** Names the process to be ended when this one ends; without one, only the folder is removed then. */
  watch(pid: number | undefined): void {
    this.#input.write(`${pid ?? ''}\n`)
  }

  /** Lets the keeper do its work now. */
  async finish(): Promise<void> {
    if (this.#child.exitCode !== null) return
    this.#child.ref()
    this.#input.end()
    await once(this.#child, 'exit')
  }
}
