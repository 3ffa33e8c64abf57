import { BYS, type Report, type ReportRow } from '../../analytics/report.js'
import type { Call, Command } from '../command.js'
import { EXIT } from '../failures.js'
import { bytes, count, instant, percent, time } from '../figures-shown.js'
import { table, type Column } from '../table.js'
import { bar, type Style, type Terminal } from '../terminal.js'
import { choiceOf, FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson, numberOf } from '../values.js'

const ROWS = 15
const REASONS = 8

export const analyticsCommand: Command = {
  name: 'analytics',
  usage: '[--days 7] [--by route]',
  summary: 'what the cache did in the last days',
  options: { days: { type: 'string' }, by: { type: 'string' }, limit: { type: 'string' }, ...FORMAT },
  choices: { by: BYS, ...FORMAT_CHOICES },
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
  const when = terminal.style(`${minute(from)} to ${minute(to)}`, 'dim')
  terminal.print(`${terminal.style('smart-cache', 'bold')}${terminal.width >= 50 ? '  ' : '\n'}${when}\n`)
  terminal.print(figuresOf(terminal, totals))
  if (rows.length === 0) {
    terminal.print('\nNothing was counted in this time.')
    return
  }
  terminal.print(`\n${table(terminal, rows.slice(0, limit), COLUMNS(by))}`)
  if (rows.length > limit) terminal.print(terminal.style(`and ${count(rows.length - limit)} more: --limit ${rows.length}`, 'dim'))
  if (reasons.length > 0) terminal.print(`\n${table(terminal, reasons.slice(0, REASONS), REASON_COLUMNS)}`)
}

function minute(at: number): string {
  return instant(at).slice(0, -3)
}

/** As many beside each other as there is room for. */
function figuresOf(terminal: Terminal, totals: ReportRow): string {
  const figures = [
    ['Requests', count(totals.requests)],
    ['Hit rate', percent(totals.hitRate)],
    ['Time saved', time(totals.savedMs)],
    ['Hits', count(totals.hits + totals.stale)],
    ['Misses', count(totals.misses)],
    ['Time to load', time(totals.loadMs)],
    ['Purges', count(totals.purges)],
    ['Errors', count(totals.errors + totals.failed)],
    ['Served', bytes(totals.servedBytes)],
  ] as const
  const beside = terminal.width >= 76 ? 3 : 1
  const cells = figures.map(([what, figure]) => `${what.padEnd(12)} ${figure.padStart(10)}`)
  return Array.from({ length: cells.length / beside }, (_, at) => `  ${cells.slice(at * beside, (at + 1) * beside).join('   ')}`).join('\n')
}

function COLUMNS(by: string): Column<ReportRow>[] {
  return [
    {
      title: by.toUpperCase(),
      of: ({ namespace, name }) => (by === 'namespace' || namespace === '' ? name : `${namespace}: ${name}`),
      flexible: true,
    },
    { title: 'REQUESTS', of: row => count(row.requests), right: true },
    { title: 'HIT RATE', of: hitsIn, style: row => (row.hitRate === undefined ? undefined : hitStyle(row.hitRate)) },
    { title: 'LOAD', of: row => time(row.loadTimes.p50), right: true, spare: 1 },
    { title: 'P95', of: row => time(row.loadTimes.p95), right: true, spare: 2 },
    { title: 'SAVED', of: row => time(row.savedMs), right: true, spare: 3 },
  ]
}

function hitsIn({ hitRate }: ReportRow): string {
  return hitRate === undefined ? '' : `${bar(hitRate, 8)} ${percent(hitRate).padStart(7)}`
}

function hitStyle(rate: number): Style {
  return rate >= 0.8 ? 'green' : rate >= 0.5 ? 'yellow' : 'red'
}

const REASON_COLUMNS: Column<Report['reasons'][number]>[] = [
  { title: 'WHAT', of: row => row.what },
  { title: 'WHY', of: row => row.reason, flexible: true },
  { title: 'TIMES', of: row => count(row.count), right: true },
]
