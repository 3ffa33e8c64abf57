import { parseArgs } from 'node:util'
import { CacheError, ConfigError, KeyError } from '../errors.js'
import { checkedOptions } from '../options.js'
import type { Command } from './command.js'
import { adviceCommand } from './commands/advice.js'
import { analyticsCommand } from './commands/analytics.js'
import { clearCommand } from './commands/clear.js'
import { completionCommand } from './commands/completion.js'
import { entriesCommand } from './commands/entries.js'
import { eventsCommand } from './commands/events.js'
import { explainCommand } from './commands/explain.js'
import { invalidateCommand } from './commands/invalidate.js'
import { migrateCommand } from './commands/migrate.js'
import { statusCommand } from './commands/status.js'
import { topCommand } from './commands/top.js'
import { warmCommand } from './commands/warm.js'
import { readConfig } from './config.js'
import { EXIT, UsageError } from './failures.js'
import { COMMON, showCommandHelp, showHelp } from './help.js'
import { Session } from './session.js'
import { shownText, Terminal, type Streams } from './terminal.js'

const OTHERS: readonly Command[] = [
  statusCommand,
  analyticsCommand,
  topCommand,
  entriesCommand,
  eventsCommand,
  adviceCommand,
  explainCommand,
  invalidateCommand,
  warmCommand,
  clearCommand,
  migrateCommand,
]

export const COMMANDS: readonly Command[] = [...OTHERS, completionCommand(OTHERS)]

export interface Surroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  /** Ends what goes on until somebody has had enough. */
  readonly signal: AbortSignal
}

/** Does what the arguments say. Never rejects. @returns the exit code */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, folder, signal } = surroundings
  const terminal = new Terminal(surroundings, env, !args.includes('--no-color'))
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const command = COMMANDS.find(one => one.name === rest[0])
    if (command === undefined) showHelp(terminal, COMMANDS)
    else showCommandHelp(terminal, command)
    return EXIT.done
  }
  let session: Session | undefined
  try {
    const command = commandOf(name)
    const { values, positionals } = parsed(command, rest)
    if (values['help'] === true) {
      showCommandHelp(terminal, command)
      return EXIT.done
    }
    const config = await readConfig(textOf(values['config']), folder)
    session = new Session({ ...config, ...overriding(values) })
    return await command.run({ terminal, session, values, positionals, env, signal })
  } catch (error) {
    terminal.warn(`${terminal.style('smart-cache:', 'red')} ${shownText(messageOf(error), 2_000)}`)
    return error instanceof UsageError || error instanceof ConfigError || error instanceof KeyError ? EXIT.usage : EXIT.failed
  } finally {
    await session?.close().catch(() => undefined)
  }
}

/** @throws {UsageError} that names the nearest */
function commandOf(name: string): Command {
  const found = COMMANDS.find(command => command.name === name)
  if (found !== undefined) return found
  try {
    checkedOptions(
      { [name]: true },
      'smart-cache',
      COMMANDS.map(command => command.name),
    )
  } catch (error) {
    throw new UsageError(messageOf(error).replace('has no option', 'has no command'))
  }
  throw new UsageError(`There is no command ${name}`)
}

function parsed({ options }: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...options, ...COMMON }, allowPositionals: true }) as {
      readonly values: Readonly<Record<string, string | boolean | undefined>>
      readonly positionals: readonly string[]
    }
  } catch (error) {
    throw new UsageError(messageOf(error), { cause: error })
  }
}

/** The command line wins over the file. */
function overriding(values: Readonly<Record<string, string | boolean | undefined>>) {
  const [redis, database, namespace] = [textOf(values['redis']), textOf(values['database']), textOf(values['namespace'])]
  return {
    ...(redis === undefined ? {} : { redis, cache: undefined }),
    ...(database === undefined ? {} : { database, knex: undefined, analytics: undefined }),
    ...(namespace === undefined ? {} : { namespace }),
  }
}

function textOf(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0])
  if (error instanceof CacheError || error instanceof Error)
    return error.message === '' ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message
  return String(error)
}
