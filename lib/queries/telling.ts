import { createHash } from 'node:crypto'
import { debug, isDebugged } from '../debug.js'

const AREA = 'queries'
const told = isDebugged(AREA)

/** Writes one line to the terminal, where somebody has asked for it. */
export function tell(what: string, sql: string, more: () => string = () => ''): void {
  if (!told) return
  const digest = createHash('sha256').update(sql).digest('hex').slice(0, 8)
  debug(AREA, `${what} ${digest} ${more()}${shownSql(sql)}`)
}

/** Warnings are for what can be put right in the program: each is said once, and of so many texts at most. */
const MAX_WARNINGS = 100

/** Says once for each text why everything has to be purged, or nothing can be kept. */
export class Warnings {
  readonly #said = new Set<string>()

  warn(why: string, sql: string): void {
    if (this.#said.has(sql) || this.#said.size >= MAX_WARNINGS) return
    this.#said.add(sql)
    process.emitWarning(`${why}: ${shownSql(sql)}`, { type: 'SmartCacheWarning' })
  }
}

/** The beginning of it, on one line, without what stands in quotes: that may be a visitor's. */
function shownSql(sql: string): string {
  return sql
    .replaceAll(/'(?:[^']|'')*'?/g, "'…'")
    .replaceAll(/\s+/g, ' ')
    .slice(0, 200)
}
