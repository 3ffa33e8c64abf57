import { ConfigError, shown } from './errors.js'

/**
 * The caller's options object, checked for names: a misspelt option is refused, and the nearest known one named.
 * Absent options are an empty object; the caller's object is neither kept nor changed.
 * @throws {ConfigError}
 */
export function checkedOptions(given: unknown, door: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (given === undefined) return {}
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ConfigError(`Expected the options of ${door} to be an object, got ${shown(given)}`)
  }
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw new ConfigError(`${door} has no option \`${name}\`. ${hint(name, known)}`)
  }
  return { ...given }
}

function hint(name: string, known: readonly string[]): string {
  const [nearest] = known.toSorted((a, b) => distance(name, a) - distance(name, b))
  if (nearest !== undefined && distance(name, nearest) <= Math.max(2, name.length / 3)) return `Did you mean \`${nearest}\`?`
  return `It has: ${known.join(', ')}.`
}

/** Levenshtein's edit distance, without case. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [line, letter] of a.toLowerCase().split('').entries()) {
    const next = [line + 1]
    for (const [column, other] of b.toLowerCase().split('').entries()) {
      next.push(Math.min((row[column] ?? 0) + (letter === other ? 0 : 1), (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
