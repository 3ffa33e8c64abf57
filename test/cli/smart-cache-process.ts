import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { run } from '../../lib/cli/run.js'
import { endWithUs } from '../servers/keeper.js'

/** As it is said in a window of 80 columns. */
const COLUMNS = 80

/** The program itself. */
export const MAIN = fileURLToPath(new URL('../../lib/cli/main.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
}

/** A folder in which somebody runs `smart-cache`. */
export class CliFolder {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async create(): Promise<CliFolder> {
    return new CliFolder(await mkdtemp(join(tmpdir(), 'smart-cache-cli-')))
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.path, name), text)
  }

  /** Does the same in this process, which is quicker. */
  async call(args: readonly string[], columns = COLUMNS): Promise<Ended> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()]
    const streams = { stdin: new PassThrough(), stdout, stderr }
    const code = await run(args, {
      ...streams,
      env: { COLUMNS: String(columns) },
      folder: this.path,
      stopped: () => new AbortController().signal,
    })
    const said = (stream: PassThrough) => String((stream.read() as Buffer | null) ?? '')
    return { code, output: said(stdout), errors: said(stderr) }
  }

  /** Runs it to its end, as a person does in a window of 80 columns; `until` something is said, and then Ctrl-C. */
  async run(
    args: readonly string[],
    { env = {}, until }: { readonly env?: Record<string, string>; readonly until?: RegExp } = {},
  ): Promise<Ended> {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
      cwd: this.path,
      env: { ...process.env, COLUMNS: String(COLUMNS), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    endWithUs(child)
    let [output, errors] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (until?.test(output) === true) child.kill('SIGINT')
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, output, errors }
  }
}
