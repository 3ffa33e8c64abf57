import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { stripVTControlCharacters } from 'node:util'
import { endWithUs } from '../servers/keeper.js'

/** What somebody types, once this stands there. */
export type Typed = readonly [when: RegExp, keys: string]

export interface Seen {
  readonly code: number | null
  /** All that was written to the terminal, with what it was typed. */
  readonly raw: string
  /** The same as it is read, without colours. */
  readonly lines: readonly string[]
}

export const CTRL_C = '\u0003'
export const CTRL_D = '\u0004'

/** Runs a command line in a terminal of its own, so many columns wide, and types there. */
export async function inTerminal(
  command: readonly string[],
  {
    columns = 80,
    env = {},
    cwd,
    typed = [],
  }: { columns?: number; env?: Record<string, string>; cwd?: string; typed?: readonly Typed[] } = {},
): Promise<Seen> {
  const line = `stty cols ${columns}; exec ${command.map(quoted).join(' ')}`
  const args = process.platform === 'linux' ? ['-qec', line, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', line]
  const { NO_COLOR: _, COLUMNS: __, ...inherited } = process.env
  const child = spawn('script', args, { cwd, env: { ...inherited, TERM: 'xterm', ...env }, stdio: ['pipe', 'pipe', 'inherit'] })
  endWithUs(child)
  let [raw, read, typedYet] = ['', 0, 0]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text
    for (; typedYet < typed.length; typedYet++) {
      const [when, keys] = typed[typedYet] ?? [/$^/, '']
      const found = when.exec(raw.slice(read))
      if (found === null) return
      read += found.index + found[0].length
      child.stdin.write(keys)
    }
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, raw, lines: linesOf(raw) }
}

/** What stands there in the end: a line that is written over is the last of what was written there. */
function linesOf(raw: string): string[] {
  return stripVTControlCharacters(raw)
    .split(/\r*\n/)
    .map(line => line.split('\r').findLast(part => part !== '') ?? '')
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
