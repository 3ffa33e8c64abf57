import type { OutgoingHttpHeader } from 'node:http'
import { fieldText } from './field-text.js'

/** Directives by lower-case name; the value is `undefined` where there was none. */
export type Directives = ReadonlyMap<string, string | undefined>

const DIRECTIVE = /[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)(?:[ \t]*=[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[^"\\]|\\.)*)"))?)?[ \t]*(?:,|$)/y

const NONE: Directives = new Map()

/**
 * Parses a `Cache-Control` field (RFC 9111, 5.2), several lines of it included. Returns `undefined` for what does not fit the grammar: who
 * cannot read a rule had better assume the strictest.
 */
export function parseCacheControl(field: OutgoingHttpHeader | undefined): Directives | undefined {
  if (field === undefined) return NONE
  const directives = new Map<string, string | undefined>()
  for (const line of Array.isArray(field) ? field : [fieldText(field)]) if (!readLine(line, directives)) return undefined
  return directives
}

/** @returns whether it fits the grammar */
function readLine(line: string, directives: Map<string, string | undefined>): boolean {
  for (DIRECTIVE.lastIndex = 0; DIRECTIVE.lastIndex < line.length;) {
    const match = DIRECTIVE.exec(line)
    if (match === null) return false
    const [, name, token, quoted] = match
    if (name === undefined) continue
    const known = name.toLowerCase()
    const value = token ?? quoted
    directives.set(known, directives.has(known) ? stricter(known, directives.get(known), value) : value)
  }
  return true
}

/** Of ages that contradict each other the shortest counts, and one that is none has passed; of lists of fields, all of them, or no list. */
function stricter(name: string, one: string | undefined, other: string | undefined): string | undefined {
  if (name === 'no-cache' || name === 'private') return one === undefined || other === undefined ? undefined : `${one},${other}`
  if (!WHOLE.test(one ?? '')) return one
  return WHOLE.test(other ?? '') && Number(one) <= Number(other) ? one : other
}

const WHOLE = /^\d+$/

/** RFC 9111, 1.2.2: what a number of seconds too large to mean anything is taken for. */
export const FOREVER_SECONDS = 2 ** 31

/** Whole seconds, as HTTP writes them; `undefined` for anything else: a sign, a fraction, a unit. */
export function seconds(text: string | undefined): number | undefined {
  return WHOLE.test(text ?? '') ? Math.min(Number(text), FOREVER_SECONDS) : undefined
}

/**
 * For how many seconds a shared cache may call the response fresh: `s-maxage`, else `max-age` (RFC 9111, 4.2.1). `undefined` if neither is
 * there; 0 if it is no whole number.
 */
export function sharedMaxAgeSeconds(directives: Directives): number | undefined {
  const name = directives.has('s-maxage') ? 's-maxage' : 'max-age'
  return directives.has(name) ? (seconds(directives.get(name)) ?? 0) : undefined
}
