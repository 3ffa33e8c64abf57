import type { Command } from '../command.js'
import { EXIT } from '../failures.js'
import { bytes, count, time } from '../figures-shown.js'
import { wrapped } from '../table.js'
import { shownText } from '../terminal.js'
import { FORMAT, FORMAT_CHOICES, FORMAT_HELP, isJson, numberOf } from '../values.js'

export const adviceCommand: Command = {
  name: 'advice',
  usage: '[--days 7]',
  summary: 'what could be better, and the figures that say so',
  choices: FORMAT_CHOICES,
  options: { days: { type: 'string' }, ...FORMAT },
  help: { days: 'of how many days (7)', ...FORMAT_HELP },
  examples: ['smart-cache advice --days 30'],
  async run(call) {
    const { terminal, session } = call
    const [days, json] = [numberOf(call, 'days', 7, 0.001), isJson(call)]
    const advice = await (await session.analytics()).advice({ days })
    if (json) {
      terminal.print(JSON.stringify(advice, undefined, 2))
      return EXIT.done
    }
    if (advice.length === 0) terminal.print(wrapped('No advice: nothing stands out in the figures.', terminal.width, ''))
    for (const { advice: kind, text, figures } of advice) {
      terminal.print(terminal.style(kind, 'bold', 'yellow'))
      terminal.print(wrapped(shownText(text, 1_000), terminal.width, '  '))
      const said = Object.entries(figures).map(([name, value]) => `${wordsOf(name)} ${figure(name, value)}`)
      terminal.print(`${terminal.style(wrapped(said.join(', '), terminal.width, '  '), 'dim')}\n`)
    }
    return EXIT.done
  },
}

/** `meanTtlMs` is the mean ttl. */
function wordsOf(name: string): string {
  return name
    .replace(/Ms$/, '')
    .replaceAll(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    .replace(/^p(?=\d)/, 'load p')
}

function figure(name: string, value: number | string): string {
  if (typeof value === 'string') return value
  if (/Ms$|^p\d/.test(name)) return time(value)
  return name === 'bytes' ? bytes(value) : count(value)
}
