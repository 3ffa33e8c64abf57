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
  return oneOf(values[name], `--${name}`, choices, usual)
}

/** @param what it is, as it is said to who gave something else. @throws {UsageError} */
export function oneOf<Choice extends string>(given: unknown, what: string, choices: readonly Choice[], usual: Choice): Choice {
  const choice = choices.find(one => one === (given ?? usual))
  if (choice !== undefined) return choice
  throw new UsageError(`Expected ${what} to be one of ${choices.join(', ')}, got ${JSON.stringify(given)}`)
}

const FORMATS = ['table', 'json'] as const

export const FORMAT = { format: { type: 'string' } } as const
export const FORMAT_HELP = { format: 'table or json (table)' } as const
export const FORMAT_CHOICES = { format: FORMATS } as const

export function isJson(call: Call): boolean {
  return choiceOf(call, 'format', FORMATS, 'table') === 'json'
}
