import { whole } from './numbers.js'

export const MOST_PEOPLE = 50_000_000

/** Reads a population as somebody typed it, or says what is wrong with it. */
export function parsePopulation(text: string): { readonly population: number } | { readonly problem: string } {
  const digits = text.trim()
  if (digits === '') return { problem: 'Say how many people live there.' }
  if (!/^\d+$/.test(digits)) return { problem: `“${digits.slice(0, 40)}” is not a whole number. Digits only, please.` }
  const population = Number(digits)
  if (population > MOST_PEOPLE) return { problem: `No city has more than ${whole(MOST_PEOPLE)} people.` }
  return { population }
}
