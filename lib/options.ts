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
  return given === undefined ? undefined : requiredFunction(given, option)
}

/** @throws {ConfigError} for anything else than a function */
export function requiredFunction(given: unknown, option: string): (...args: never[]) => unknown {
  if (typeof given === 'function') return given as ReturnType<typeof requiredFunction>
  throw new ConfigError(`Expected \`${option}\` to be a function, got ${shown(given)}`)
}

/** @throws {ConfigError} for anything else than an object with names and values, such as a list or a Date */
export function recordOf(given: unknown, option: string): Readonly<Record<string, unknown>> {
  const isRecord = typeof given === 'object' && given !== null && !Array.isArray(given) && !(given instanceof Date)
  if (isRecord) return given as Readonly<Record<string, unknown>>
  throw new ConfigError(`Expected \`${option}\` to be an object, got ${shown(given)}`)
}

/** @throws {ConfigError} for what is none of the known names, with the nearest of them */
export function oneOf<Name extends string>(given: unknown, what: string, known: readonly Name[]): Name {
  const found = known.find(name => name === given)
  if (found !== undefined) return found
  throw new ConfigError(`There is no ${what} ${shown(given)}. ${hint(typeof given === 'string' ? given : '', known, 'There are')}`)
}

function hint(name: string, known: readonly string[], listed = 'It has'): string {
  const [nearest] = known.toSorted((a, b) => distance(name, a) - distance(name, b))
  // Of two letters, two changes leave nothing.
  const near = Math.min(Math.max(2, name.length / 3), name.length - 1)
  if (nearest !== undefined && distance(name, nearest) <= near) return `Did you mean \`${nearest}\`?`
  return `${listed}: ${known.join(', ')}.`
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
