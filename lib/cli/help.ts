import type { Command } from './command.js'
import { EXIT } from './failures.js'
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
]

export function showHelp(terminal: Terminal, commands: readonly Command[]): void {
  terminal.print('smart-cache <command> [options]: what a cache does, and what it is to do.\n')
  for (const { name, summary } of commands) terminal.print(`  ${terminal.style(name.padEnd(12), 'bold')}${summary}`)
  terminal.print('\nOptions of every command')
  for (const [name, text] of Object.entries(COMMON_HELP)) terminal.print(optionLine(name, COMMON[name as keyof typeof COMMON], text))
  terminal.print('\nExit codes')
  for (const [code, text] of EXITS) terminal.print(`  ${code}  ${text}`)
  terminal.print('\nsmart-cache <command> --help has its options and examples.')
}

export function showCommandHelp(terminal: Terminal, { name, usage, summary, options, help, examples }: Command): void {
  terminal.print(`smart-cache ${name} ${usage}`.trimEnd())
  terminal.print(`\n  ${summary}\n`)
  for (const [option, given] of Object.entries(options)) terminal.print(optionLine(option, given, help[option] ?? ''))
  if (examples.length > 0)
    terminal.print(`${Object.keys(options).length > 0 ? '\n' : ''}${examples.map(example => `  $ ${example}`).join('\n')}`)
}

function optionLine(name: string, { type, short }: { readonly type: string; readonly short?: string | undefined }, text: string): string {
  const shown = `${short === undefined ? '' : `-${short}, `}--${name}${type === 'string' ? ' …' : ''}`
  return `  ${shown.padEnd(20)}${text}`
}
