import { setTimeout as sleep } from 'node:timers/promises'
import type { WrittenEvent } from '../../analytics/ledger.js'
import { EVENT_TYPES } from '../../analytics/listener.js'
import type { Call, Command } from '../command.js'
import { EXIT } from '../failures.js'
import { entryShown, instant, time } from '../figures-shown.js'
import { inMiddle, shownText } from '../terminal.js'
import { choiceOf, FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson, numberOf } from '../values.js'

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
  choices: { type: EVENT_TYPES, ...FORMAT_CHOICES },
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
    const { session, values } = call
    const only = {
      ...(values['type'] === undefined ? {} : { type: choiceOf(call, 'type', EVENT_TYPES, 'hit') }),
      ...(typeof values['name'] === 'string' ? { name: values['name'] } : {}),
    }
    const print = isJson(call) ? (event: WrittenEvent) => call.terminal.print(JSON.stringify(event)) : printer(call)
    const limit = numberOf(call, 'limit', 30)
    const stopped = values['follow'] === true ? call.stopped() : undefined
    const stats = await session.analytics()
    const events = await stats.events({ ...only, limit })
    if (events.length === 0 && stopped === undefined) call.terminal.warn('Nothing was written down.')
    for (const event of events) print(event)
    let after = events.at(-1)?.id ?? 0
    while (stopped?.aborted === false) {
      await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined)
      const more = stopped.aborted ? [] : await stats.events({ ...only, after, limit: 1_000 })
      for (const event of more) print(event)
      after = more.at(-1)?.id ?? after
    }
    return EXIT.done
  },
}

/** One line each, under the day on which it happened. */
function printer({ terminal }: Call): (event: WrittenEvent) => void {
  let today = ''
  return event => {
    const { at, type, reason, count, ms } = event
    const [day = '', clock = ''] = instant(at).split(' ')
    if (day !== today) terminal.print(terminal.style(day, 'dim'))
    today = day
    const style = type in COLOURS ? COLOURS[type as keyof typeof COLOURS] : 'bold'
    const figure = (count > 1 ? `×${count}` : ms > 0 ? time(ms) : '').padStart(7)
    const room = terminal.width - BEFORE
    const why = shownText(reason, Math.floor(room / 2) - 2)
    const what = inMiddle(entryShown(event), room - (why === '' ? 0 : why.length + 2))
    terminal.print(
      `${terminal.style(clock, 'dim')}  ${terminal.style(type.padEnd(6), style)}  ${figure}  ${what}  ${terminal.style(why, 'dim')}`.trimEnd(),
    )
  }
}

/** What stands before the key: when, what, and how long or how often. */
const BEFORE = 8 + 2 + 6 + 2 + 7 + 2
