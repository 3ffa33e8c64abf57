import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { clean } from '../analytics/redaction.js'

/** Where a command reads and writes. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number }
  readonly stderr: Writable & { readonly isTTY?: boolean }
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }

/** A person, or a program that reads instead of one. Colour and progress are for persons alone. */
export class Terminal {
  readonly width: number
  readonly #streams: Streams
  readonly #colour: boolean
  /** The line that the cursor stands in says how far something has come. */
  #isUnderWay = false

  constructor(streams: Streams, env: Readonly<Record<string, string | undefined>>, colour: boolean) {
    this.#streams = streams
    const { isTTY = false, columns } = streams.stdout
    this.width = Math.max(40, columns || Number(env['COLUMNS']) || 80)
    // https://no-color.org
    this.#colour = colour && isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
  }

  style(text: string, ...styles: readonly Style[]): string {
    return this.#colour ? `${styles.map(style => `\u001b[${CODES[style]}m`).join('')}${text}\u001b[0m` : text
  }

  print(text = ''): void {
    this.#streams.stdout.write(`${text}\n`)
  }

  /** For what is no result: it does not get into a file, nor into a program that reads on. */
  warn(text: string): void {
    this.endProgress()
    this.#streams.stderr.write(`${text}\n`)
  }

  /** Whether somebody says yes; `undefined` where there is nobody to ask. */
  async agrees(question: string): Promise<boolean | undefined> {
    const { stdin, stderr } = this.#streams
    if (stdin.isTTY !== true) return undefined
    const lines = createInterface({ input: stdin, output: stderr })
    try {
      return /^y(?:es)?$/i.test((await lines.question(`${question} [y/N] `)).trim())
    } catch (error) {
      // Ctrl-C and Ctrl-D are answers, too.
      if ((error as Partial<Error>).name !== 'AbortError') throw error
      stderr.write('\n')
      return false
    } finally {
      lines.close()
    }
  }

  /** How far something long has come; says nothing where nobody looks. */
  progress(label: string, done: number, total: number): void {
    const { stderr } = this.#streams
    if (stderr.isTTY !== true) return
    const share = total === 0 ? 1 : done / total
    const counts = `${String(done).padStart(String(total).length)}/${total}`
    const room = Math.min(LONGEST_BAR, this.width - label.length - counts.length - 3)
    stderr.write(`\r${label} ${bar(share, room)} ${counts}`)
    this.#isUnderWay = true
    if (done >= total) this.endProgress()
  }

  /** What is said next is said on a line of its own. */
  endProgress(): void {
    if (this.#isUnderWay) this.#streams.stderr.write('\n')
    this.#isUnderWay = false
  }
}

const LONGEST_BAR = 30
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

/** A share (0 to 1) as a bar of so many characters. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8)
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`.padEnd(width)
}

/** Text as a terminal shows it: what comes from elsewhere moves no cursor. */
export function shownText(text: string, width: number): string {
  const plain = clean(text)
  return plain.length > width ? `${plain.slice(0, Math.max(0, width - 1))}…` : plain
}

/** The same of a key, of which beginning and end say most. */
export function inMiddle(text: string, width: number): string {
  const plain = clean(text)
  if (plain.length <= width) return plain
  const head = Math.ceil((width - 1) / 2)
  return `${plain.slice(0, head)}…${plain.slice(plain.length - (width - 1 - head))}`
}
