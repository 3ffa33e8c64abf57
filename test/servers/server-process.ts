import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binary } from './find-binary.js'
import { freePort } from './free-port.js'
import { Keeper } from './keeper.js'
import type { TestServer } from './test-server.js'

const READY_WITHIN_MS = 60_000

/** How a kind of server is started. */
export interface Recipe {
  readonly name: string
  readonly binary: Binary
  /** The user to run it as, where that is another than ours. */
  readonly as?: { readonly uid: number; readonly gid: number } | undefined
  url(port: number): string
  /** Writes what the server needs into its empty folder, and returns its arguments. */
  prepare(folder: string, port: number): Promise<readonly string[]>
  /** Whether the server answers at this port, and is this process and not another. Never rejects. */
  answers(port: number, pid: number): Promise<boolean>
}

/** Starts a server on a free loopback port, in a temporary folder. It ends with this process at the latest. */
export async function startServer(recipe: Recipe): Promise<ServerProcess> {
  for (let attempt = 1; ; attempt++) {
    const server = new ServerProcess(recipe, await freePort(), await mkdtemp(join(tmpdir(), 'smart-cache-server-')))
    try {
      await server.restart()
      return server
    } catch (error) {
      await server.stop()
      // Somebody else was quicker to take the port.
      if (attempt === 5 || !String(error).includes('ddress already in use')) throw error
    }
  }
}

export class ServerProcess implements TestServer {
  readonly port: number
  /** Holds the server's log and `data`, until `stop`. */
  readonly folder: string
  readonly #recipe: Recipe
  readonly #keeper: Keeper
  #child: ChildProcess | undefined

  constructor(recipe: Recipe, port: number, folder: string) {
    this.port = port
    this.#recipe = recipe
    this.folder = folder
    this.#keeper = new Keeper(folder)
  }

  get url(): string {
    return this.#recipe.url(this.port)
  }

  /** The folder it works in. */
  get data(): string {
    return join(this.folder, 'data')
  }

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  pause(): void {
    this.#signal('SIGSTOP')
  }

  resume(): void {
    this.#signal('SIGCONT')
  }

  async kill(): Promise<void> {
    const child = this.#child
    if (child === undefined) return
    child.ref()
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  async restart(): Promise<void> {
    await this.kill()
    await rm(this.data, { recursive: true, force: true })
    await mkdir(this.data)
    await this.#start()
  }

  /** Ends the process, if there is one, and starts it again on what it left in its folder. Resolves when it answers. */
  async revive(): Promise<void> {
    await this.kill()
    await this.#start()
  }

  async stop(): Promise<void> {
    await this.kill()
    await this.#keeper.finish()
  }

  async #start(): Promise<void> {
    await this.#spawn(await this.#recipe.prepare(this.data, this.port))
    await this.#ready()
  }

  async #spawn(args: readonly string[]): Promise<void> {
    const { path, env } = this.#recipe.binary
    const { as } = this.#recipe
    const log = await open(this.#log, 'w')
    // Detached: what the terminal sends to this process (Ctrl-C) is not for the server.
    const child = spawn(path, args, { env, stdio: ['ignore', log.fd, log.fd], detached: true, ...as })
    this.#keeper.watch(child.pid)
    if (child.pid !== undefined) this.#child = child
    child.unref()
    child.once('exit', () => {
      this.#child = undefined
      this.#keeper.watch(undefined)
    })
    await Promise.all([log.close(), once(child, 'spawn')])
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS
    while (this.pid !== undefined && performance.now() < deadline) {
      if (await this.#recipe.answers(this.port, this.pid)) return
      await sleep(10)
    }
    const said = (await readFile(this.#log, 'utf8')).trim().split('\n').slice(-10).join('\n')
    throw new Error(`${this.#recipe.name} ${this.pid === undefined ? 'ended' : 'did not answer'} at start:\n${said}`)
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child?.kill(signal) !== true) throw new Error(`${this.#recipe.name} is not running`)
  }

  get #log(): string {
    return join(this.folder, 'log')
  }
}
