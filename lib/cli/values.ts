import type { Call } from './command.js'
import { UsageError } from './failures.js'

/** The option's value as a number. @throws {UsageError} */
export function numberOf({ values }: Call, name: string, usual: number, least = 0): number {
  const text = values[name]
  if (text === undefined) return usual
  const number = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN
  if (Number.isFinite(number) && number >= least) return number
  throw new UsageError(`Expected --${name} to be a number, got ${JSON.stringify(text)}`)
}

/** The option's value, one of these. @throws {UsageError} */
export function choiceOf<Choice extends string>({ values }: Call, name: string, choices: readonly Choice[], usual: Choice): Choice {
  const text = values[name] ?? usual
  const choice = choices.find(one => one === text)
  if (choice !== undefined) return choice
  throw new UsageError(`Expected --${name} to be one of ${choices.join(', ')}, got ${JSON.stringify(text)}`)
}

export const FORMAT = { format: { type: 'string' } } as const
export const FORMAT_HELP = { format: 'table or json (table)' } as const

export function isJson(call: Call): boolean {
  return choiceOf(call, 'format', ['table', 'json'], 'table') === 'json'
}
