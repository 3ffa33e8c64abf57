import { BYS, type Report, type ReportRow } from '../../analytics/report.js'
import type { Call, Command } from '../command.js'
import { EXIT } from '../failures.js'
import { bytes, count, instant, percent, time } from '../figures-shown.js'
import { table, type Column } from '../table.js'
import { bar } from '../terminal.js'
import { choiceOf, FORMAT, FORMAT_HELP, isJson, numberOf } from '../values.js'

const ROWS = 15
const REASONS = 8

export const analyticsCommand: Command = {
  name: 'analytics',
  usage: '[--days 7] [--by route]',
  summary: 'what the cache did in the last days',
  options: { days: { type: 'string' }, by: { type: 'string' }, limit: { type: 'string' }, ...FORMAT },
  help: {
    days: 'how many days, or a part of one (7)',
    by: 'route, name, kind or namespace (name)',
    limit: `how many rows (${ROWS})`,
    ...FORMAT_HELP,
  },
  examples: ['smart-cache analytics --days 1 --by route', 'smart-cache analytics --format json | jq .totals.hitRate'],
  async run(call) {
    const days = numberOf(call, 'days', 7, 0.001)
    const by = choiceOf(call, 'by', BYS, 'name')
    const limit = numberOf(call, 'limit', ROWS)
    const json = isJson(call)
    const report = await (await call.session.analytics()).report({ days, by, top: json ? 10 : 0 })
    if (json) call.terminal.print(JSON.stringify(report, undefined, 2))
    else show(call, report, limit)
    return EXIT.done
  },
}

function show({ terminal }: Call, { from, to, by, totals, rows, reasons }: Report, limit: number): void {
  const figures = [
    ['Requests', count(totals.requests), 'Hit rate', percent(totals.hitRate), 'Time saved', time(totals.savedMs)],
    ['Hits', count(totals.hits + totals.stale), 'Misses', count(totals.misses), 'Time to load', time(totals.loadMs)],
    ['Purges', count(totals.purges), 'Errors', count(totals.errors + totals.failed), 'Served', bytes(totals.servedBytes)],
  ]
  terminal.print(`${terminal.style('smart-cache', 'bold')}  ${terminal.style(`${instant(from)} to ${instant(to)}`, 'dim')}\n`)
  for (const line of figures) {
    const [a = '', b = '', c = '', d = '', e = '', f = ''] = line
    terminal.print(`  ${a.padEnd(9)} ${b.padStart(11)}     ${c.padEnd(9)} ${d.padStart(9)}     ${e.padEnd(13)} ${f.padStart(9)}`)
  }
  if (rows.length === 0) {
    terminal.print('\nNothing was counted in this time.')
    return
  }
  terminal.print(`\n${table(terminal, rows.slice(0, limit), COLUMNS(by))}`)
  if (rows.length > limit) terminal.print(terminal.style(`and ${count(rows.length - limit)} more: --limit ${rows.length}`, 'dim'))
  if (reasons.length > 0) terminal.print(`\n${table(terminal, reasons.slice(0, REASONS), REASON_COLUMNS)}`)
}

function COLUMNS(by: string): Column<ReportRow>[] {
  return [
    {
      title: by.toUpperCase(),
      of: ({ namespace, name }) => (by === 'namespace' || namespace === '' ? name : `${namespace}: ${name}`),
      flexible: true,
    },
    { title: 'REQUESTS', of: row => count(row.requests), right: true },
    { title: 'HITS', of: row => (row.hitRate === undefined ? '' : bar(row.hitRate, 8)) },
    { title: '', of: row => percent(row.hitRate), right: true },
    { title: 'LOAD', of: row => time(row.loadTimes.p50), right: true },
    { title: 'P95', of: row => time(row.loadTimes.p95), right: true },
    { title: 'SAVED', of: row => time(row.savedMs), right: true },
  ]
}

const REASON_COLUMNS: Column<Report['reasons'][number]>[] = [
  { title: 'WHAT', of: row => row.what },
  { title: 'WHY', of: row => row.reason, flexible: true },
  { title: 'TIMES', of: row => count(row.count), right: true },
]
