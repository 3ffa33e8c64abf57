import type { EntryRow, VariantsRow } from '../../analytics/report.js'
import type { Command } from '../command.js'
import { EXIT } from '../failures.js'
import { bytes, count, entryShown, time } from '../figures-shown.js'
import { table, type Column } from '../table.js'
import { FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson, numberOf, oneOf } from '../values.js'

const BOARDS = {
  hits: 'mostHit',
  misses: 'mostMissed',
  slow: 'slowest',
  large: 'largest',
  'never-hit': 'neverHit',
  wasted: 'wasted',
  variants: 'mostVariants',
} as const
type Board = keyof typeof BOARDS
const NAMES = Object.keys(BOARDS) as Board[]

const ROWS = 15

export const topCommand: Command = {
  name: 'top',
  usage: '[hits | misses | slow | large | never-hit | wasted | variants]',
  summary: 'the entries that stand out',
  takes: 1,
  choices: { '': NAMES, ...FORMAT_CHOICES },
  options: { days: { type: 'string' }, limit: { type: 'string' }, ...FORMAT },
  help: { days: 'of those seen in so many days (7)', limit: `how many (${ROWS})`, ...FORMAT_HELP },
  examples: ['smart-cache top slow', 'smart-cache top wasted --days 1'],
  async run(call) {
    const { terminal, session, positionals } = call
    const board = oneOf(positionals[0], 'what stands out', NAMES, 'hits')
    const [days, top, json] = [numberOf(call, 'days', 7, 0.001), numberOf(call, 'limit', ROWS), isJson(call)]
    const { boards } = await (await session.analytics()).report({ days, top })
    const rows = boards[BOARDS[board]]
    if (json) terminal.print(JSON.stringify(rows, undefined, 2))
    else if (rows.length === 0) terminal.print('Nothing stands out so.')
    else if (board === 'variants') terminal.print(table(terminal, boards.mostVariants, VARIANTS))
    else terminal.print(table(terminal, rows as readonly EntryRow[], ENTRIES))
    return EXIT.done
  },
}

export const ENTRIES: Column<EntryRow>[] = [
  { title: 'ENTRY', of: entryShown, flexible: true },
  { title: 'HITS', of: row => count(row.hits), right: true },
  { title: 'MISSES', of: row => count(row.misses), right: true, spare: 2 },
  { title: 'LOAD', of: row => time(row.loadMs), right: true },
  { title: 'SAVED', of: row => time(row.savedMs), right: true, spare: 1 },
  { title: 'SIZE', of: row => bytes(row.bytes), right: true, spare: 3 },
]

const VARIANTS: Column<VariantsRow>[] = [
  { title: 'PAGE', of: row => row.shown, flexible: true },
  { title: 'VARIANTS', of: row => count(row.variants), right: true },
]
