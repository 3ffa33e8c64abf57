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

/** @throws {ConfigError} for anything else than true or false */
export function flagOf(given: unknown, option: string): boolean {
  if (typeof given === 'boolean') return given
  throw new ConfigError(`Expected \`${option}\` to be true or false, got ${shown(given)}`)
}

/** @throws {ConfigError} for anything else than a whole number within the bounds */
export function countOf(given: unknown, option: string, from = 0, to = Number.MAX_SAFE_INTEGER): number {
  if (typeof given === 'number' && Number.isInteger(given) && given >= from && given <= to) return given
  const bounds = to === Number.MAX_SAFE_INTEGER ? `from ${from}` : `from ${from} to ${to}`
  throw new ConfigError(`Expected \`${option}\` to be a whole number ${bounds}, got ${shown(given)}`)
}

/** @throws {ConfigError} for anything else than a function or nothing */
export function functionOf(given: unknown, option: string): ((...args: never[]) => unknown) | undefined {
  if (given === undefined || typeof given === 'function') return given as ReturnType<typeof functionOf>
  throw new ConfigError(`Expected \`${option}\` to be a function, got ${shown(given)}`)
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
