import { ENTRY_ORDERS } from '../../analytics/ledger.js'
import type { Command } from '../command.js'
import { EXIT } from '../failures.js'
import { table } from '../table.js'
import { choiceOf, FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson, numberOf } from '../values.js'
import { ENTRIES } from './top.js'

export const entriesCommand: Command = {
  name: 'entries',
  usage: '[TEXT]',
  summary: 'entries whose key or name has this text in it, or all',
  takes: 1,
  choices: { order: ENTRY_ORDERS, ...FORMAT_CHOICES },
  options: { order: { type: 'string' }, limit: { type: 'string' }, ...FORMAT },
  help: { order: `${ENTRY_ORDERS.slice(0, 6).join(', ')} … (hits)`, limit: 'how many (20)', ...FORMAT_HELP },
  examples: ['smart-cache entries /cities --order misses'],
  async run(call) {
    const { terminal, session, positionals } = call
    const [order, limit, json] = [choiceOf(call, 'order', ENTRY_ORDERS, 'hits'), numberOf(call, 'limit', 20), isJson(call)]
    const [search] = positionals
    const rows = await (await session.analytics()).entries({ order, limit, ...(search === undefined ? {} : { search }) })
    if (json) terminal.print(JSON.stringify(rows, undefined, 2))
    else terminal.print(rows.length === 0 ? 'There are none.' : table(terminal, rows, ENTRIES))
    return EXIT.done
  },
}
