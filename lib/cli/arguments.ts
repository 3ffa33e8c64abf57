import { parseArgs } from 'node:util'
import { checkedOptions } from '../options.js'
import type { Command } from './command.js'
import { UsageError } from './failures.js'
import { COMMON } from './help.js'

/** What was said after the name of a command. */
export interface Arguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

/** @throws {UsageError} that names the nearest */
export function commandNamed(name: string, commands: readonly Command[]): Command {
  const found = commands.find(command => command.name === name)
  if (found !== undefined) return found
  const names = commands.map(command => command.name)
  throw new UsageError(refusalOf(name, 'smart-cache', names).replace('has no option', 'has no command'))
}

/** @throws {UsageError} for what the command does not take */
export function argumentsOf({ name, options, takes = 0 }: Command, args: readonly string[]): Arguments {
  const all = { ...options, ...COMMON }
  let given: Arguments
  try {
    given = parseArgs({ args: [...args], options: all, allowPositionals: true }) as Arguments
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const [, unknown] = /^Unknown option '--([^'=]+)/.exec(said) ?? []
    throw new UsageError(
      unknown === undefined
        ? sentence(said)
        : refusalOf(
            `--${unknown}`,
            name,
            Object.keys(all).map(option => `--${option}`),
          ),
      { cause: error },
    )
  }
  const [surplus] = given.positionals.slice(takes)
  if (surplus !== undefined)
    throw new UsageError(`${name} takes ${takes === 0 ? 'options only' : 'one word'}, got ${JSON.stringify(surplus)} too`)
  return given
}

/** What is said of an option that there is not. */
function refusalOf(name: string, where: string, names: readonly string[]): string {
  try {
    checkedOptions({ [name]: true }, where, names)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return `${where} has no option ${name}`
}

/** What comes after it is about positional arguments that begin with a dash. */
function sentence(text: string): string {
  return text.split(/\.\s|\n/, 1)[0] ?? text
}
