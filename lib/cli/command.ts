import type { ParseArgsConfig } from 'node:util'
import type { Session } from './session.js'
import type { Terminal } from './terminal.js'

/** What a command is given. */
export interface Call {
  readonly terminal: Terminal
  readonly session: Session
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** From now on Ctrl-C ends nothing by itself: it is said by this signal, and a second one ends all. */
  readonly stopped: () => AbortSignal
}

export interface Command {
  readonly name: string
  /** What comes after its name. */
  readonly usage: string
  /** A sentence without a verb's subject: what it does. */
  readonly summary: string
  /** How many words it takes besides its options, at most; none if absent. */
  readonly takes?: number
  /** What there is to choose from, for options; under the empty name for its own first word. */
  readonly choices?: Readonly<Record<string, readonly string[]>>
  /** Its options, and what help says of each. */
  readonly options: NonNullable<ParseArgsConfig['options']>
  readonly help: Readonly<Record<string, string>>
  readonly examples: readonly string[]
  /** @returns the exit code */
  readonly run: (call: Call) => Promise<number>
}
