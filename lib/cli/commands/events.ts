import { setTimeout as sleep } from 'node:timers/promises'
import type { WrittenEvent } from '../../analytics/ledger.js'
import type { Call, Command } from '../command.js'
import { EXIT } from '../failures.js'
import { instant, time } from '../figures-shown.js'
import { shownText } from '../terminal.js'
import { FORMAT, FORMAT_HELP, isJson, numberOf } from '../values.js'

const LOOK_MS = 1_000
const COLOURS = {
  hit: 'green',
  stale: 'yellow',
  miss: 'cyan',
  fill: 'dim',
  refuse: 'yellow',
  bypass: 'dim',
  fail: 'red',
  error: 'red',
} as const

export const eventsCommand: Command = {
  name: 'events',
  usage: '[--follow]',
  summary: 'what happened last, one line each',
  options: {
    follow: { type: 'boolean', short: 'f' },
    type: { type: 'string' },
    name: { type: 'string' },
    limit: { type: 'string' },
    ...FORMAT,
  },
  help: {
    follow: 'go on until Ctrl-C',
    type: 'only of this type: hit, miss, purge, fail …',
    name: 'only those of this route or name',
    limit: 'how many (30)',
    ...FORMAT_HELP,
  },
  examples: ['smart-cache events --follow --type purge'],
  async run(call) {
    const { session, values, signal } = call
    const stats = await session.analytics()
    const only = {
      ...(typeof values['type'] === 'string' ? { type: values['type'] } : {}),
      ...(typeof values['name'] === 'string' ? { name: values['name'] } : {}),
    }
    const json = isJson(call)
    const events = await stats.events({ ...only, limit: numberOf(call, 'limit', 30) })
    if (events.length === 0 && values['follow'] !== true) call.terminal.warn('Nothing was written down.')
    for (const event of events) print(call, event, json)
    let after = events.at(-1)?.id ?? 0
    while (values['follow'] === true && !signal.aborted) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) break
      for (const event of await stats.events({ ...only, after, limit: 1_000 })) {
        print(call, event, json)
        after = event.id
      }
    }
    return EXIT.done
  },
}

function print({ terminal }: Call, event: WrittenEvent, json: boolean): void {
  if (json) return terminal.print(JSON.stringify(event))
  const { at, type, shown, reason, count, ms } = event
  const style = type in COLOURS ? COLOURS[type as keyof typeof COLOURS] : 'bold'
  const said = [count > 1 ? `×${count}` : '', reason, ms > 0 ? time(ms) : ''].filter(text => text !== '').join(' ')
  const left = terminal.width - 30 - said.length
  const clock = terminal.style(instant(at).slice(5), 'dim')
  terminal.print(
    `${clock}  ${terminal.style(type.padEnd(6), style)}  ${shownText(shown, Math.max(16, left))}  ${shownText(said, 60)}`.trimEnd(),
  )
}
