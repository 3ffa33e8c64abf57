import type { Command } from '../command.js'
import { EXIT } from '../failures.js'

export const migrateCommand: Command = {
  name: 'migrate',
  usage: '',
  summary: 'makes the tables of the analytics, or brings them up to date',
  options: {},
  help: {},
  examples: ['smart-cache migrate --database postgres://localhost/shop'],
  async run({ terminal, session }) {
    const taken = await (await session.analytics()).migrate()
    terminal.print(taken.length === 0 ? 'The tables are up to date.' : taken.map(name => `Done: ${name}`).join('\n'))
    return EXIT.done
  },
}
