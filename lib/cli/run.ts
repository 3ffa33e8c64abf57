import { createRequire } from 'node:module'
import { CacheError, ConfigError, KeyError } from '../errors.js'
import { argumentsOf, commandNamed, type Arguments } from './arguments.js'
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
import { showCommandHelp, showHelp } from './help.js'
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

const { version: VERSION } = createRequire(import.meta.url)('smart-cache/package.json') as { readonly version: string }

export interface Surroundings extends Streams {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly folder: string
  /** From now on Ctrl-C is said by this signal, and ends nothing by itself. */
  readonly stopped: () => AbortSignal
}

/** Does what the arguments say. Never rejects. @returns the exit code */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { env, folder, stopped } = surroundings
  const terminal = new Terminal(surroundings, env, !args.includes('--no-color'))
  const [name = 'help', ...rest] = args
  let session: Session | undefined
  try {
    if (name === '--version' || name === '-v') {
      terminal.print(VERSION)
      return EXIT.done
    }
    if (name === 'help' || name === '--help' || name === '-h') {
      const about = rest.find(word => !word.startsWith('-'))
      if (about === undefined) showHelp(terminal, COMMANDS)
      else showCommandHelp(terminal, commandNamed(about, COMMANDS))
      return EXIT.done
    }
    const command = commandNamed(name, COMMANDS)
    const { values, positionals } = argumentsOf(command, rest)
    if (values['help'] === true) {
      showCommandHelp(terminal, command)
      return EXIT.done
    }
    const config = await readConfig(textOf(values['config']), folder)
    session = new Session({ ...config, ...overriding(values) })
    return await command.run({ terminal, session, values, positionals, env, stopped })
  } catch (error) {
    terminal.warn(`${terminal.style('smart-cache:', 'red')} ${shownText(messageOf(error), 2_000)}`)
    return error instanceof UsageError || error instanceof ConfigError || error instanceof KeyError ? EXIT.usage : EXIT.failed
  } finally {
    await session?.close().catch(() => undefined)
  }
}

/** The command line wins over the file. */
function overriding(values: Arguments['values']) {
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
