import type { Command } from './command.js'
import { EXIT } from './failures.js'
import { wrapped } from './table.js'
import type { Terminal } from './terminal.js'

/** The options that every command has. */
export const COMMON = {
  config: { type: 'string', short: 'c' },
  redis: { type: 'string' },
  database: { type: 'string' },
  namespace: { type: 'string' },
  'no-color': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const COMMON_HELP: Readonly<Record<keyof typeof COMMON, string>> = {
  config: 'instead of smart-cache.config.{js,mjs,ts,json}',
  redis: 'the URL of the Redis where the cache is',
  database: 'the URL of the database with the analytics, or its file',
  namespace: 'the namespace of the cache',
  'no-color': 'no colours (so does NO_COLOR in the environment)',
  help: 'this text, or that of a command',
}

const EXITS: readonly (readonly [number, string])[] = [
  [EXIT.done, 'done, or well'],
  [EXIT.failed, 'something failed: the database, the store, a page'],
  [EXIT.usage, 'the command, an option or the configuration cannot be'],
  [EXIT.ill, 'status: something is ill'],
  [EXIT.declined, 'nobody has agreed to it'],
  [EXIT.stopped, 'Ctrl-C, before it was done'],
]

export function showHelp(terminal: Terminal, commands: readonly Command[]): void {
  const { width } = terminal
  terminal.print(`${wrapped('smart-cache <command> [options]: what a cache does, and what it is to do.', width, '')}\n`)
  for (const { name, summary } of commands) terminal.print(line(terminal, terminal.style(name.padEnd(12), 'bold'), 12, summary))
  terminal.print('\nOptions of every command')
  for (const [name, text] of Object.entries(COMMON_HELP)) showOption(terminal, name, COMMON[name as keyof typeof COMMON], text)
  terminal.print('\nExit codes')
  for (const [code, text] of EXITS) terminal.print(line(terminal, String(code).padStart(3), 5, text))
  terminal.print(`\n${wrapped('smart-cache <command> --help has its options and examples; --version says which this is.', width, '')}`)
}

export function showCommandHelp(terminal: Terminal, { name, usage, summary, options, help, examples }: Command): void {
  terminal.print(wrapped(`smart-cache ${name} ${usage}`.trimEnd(), terminal.width, '  ', ''))
  terminal.print(`\n${wrapped(summary, terminal.width, '  ')}\n`)
  for (const [option, given] of Object.entries(options)) showOption(terminal, option, given, help[option] ?? '')
  if (examples.length > 0)
    terminal.print(`${Object.keys(options).length > 0 ? '\n' : ''}${examples.map(example => `  $ ${example}`).join('\n')}`)
}

function showOption(
  terminal: Terminal,
  name: string,
  { type, short }: { readonly type: string; readonly short?: string | undefined },
  text: string,
): void {
  const shown = `${short === undefined ? '' : `-${short}, `}--${name}${type === 'string' ? ' …' : ''}`
  terminal.print(line(terminal, shown.padEnd(OPTION), OPTION, text))
}

/** @param width of `what`, which may have colours in it */
function line(terminal: Terminal, what: string, width: number, text: string): string {
  const indent = ' '.repeat(width + 2)
  return wrapped(text, terminal.width, indent, `  ${what.padEnd(width)}`)
}

const OPTION = 20
