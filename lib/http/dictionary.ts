import type { Directives } from './cache-control.js'

const KEY = '[a-z*][a-z0-9_.*-]*'
const INTEGER = '-?\\d{1,15}'
const STRING = '"(?:[ !#-[\\]-~]|\\\\["\\\\])*"'
const ITEM = `(?:-?\\d{1,12}\\.\\d{1,3}|${INTEGER}|${STRING}|[A-Za-z*][\\w!#$%&'*+.^\`|~:/-]*|:[A-Za-z0-9+/=]*:|\\?[01])`
const PARAMETERS = `(?:; *${KEY}(?:=${ITEM})?)*`
const LIST = `\\( *(?:${ITEM}${PARAMETERS}(?: +(?=[^)])| *(?=\\))))*\\)`
const MEMBER = new RegExp(`(${KEY})(?:=(${LIST}|${ITEM}))?${PARAMETERS}[ \\t]*(?:,[ \\t]*(?!$)|$)`, 'y')

/** Directives whose value is a number of seconds. */
const SECONDS: ReadonlySet<string> = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error'])

/**
 * The directives in a targeted field, which is a Dictionary of Structured Fields (RFC 9213, 2.1; RFC 9651, 3.2). `undefined` for one that
 * cannot be read or is empty: it counts as absent. A directive with a value of the wrong type is left out.
 */
export function parseDictionary(text: string): Directives | undefined {
  const trimmed = text.replace(/^ +| +$/g, '')
  if (trimmed === '') return undefined
  const directives = new Map<string, string | undefined>()
  for (MEMBER.lastIndex = 0; MEMBER.lastIndex < trimmed.length;) {
    const match = MEMBER.exec(trimmed)
    if (match === null) return undefined
    const [, name = '', value] = match
    // The last of several counts.
    directives.delete(name)
    if (fits(name, value)) directives.set(name, value === undefined || value === '?1' ? undefined : unquoted(value))
  }
  return directives
}

const LISTED = new RegExp(`(${STRING})${PARAMETERS}[ \\t]*(?:,[ \\t]*(?!$)|$)`, 'y')

/** The texts in a List of Strings (RFC 9651, 3.1); `undefined` if it is none. */
export function parseStrings(text: string): readonly string[] | undefined {
  const trimmed = text.replace(/^ +| +$/g, '')
  const texts: string[] = []
  for (LISTED.lastIndex = 0; LISTED.lastIndex < trimmed.length;) {
    const match = LISTED.exec(trimmed)
    if (match === null) return undefined
    texts.push(unquoted(match[1] ?? ''))
  }
  return texts
}

function fits(name: string, value: string | undefined): boolean {
  if (SECONDS.has(name)) return value !== undefined && /^\d+$/.test(value)
  return value !== '?0'
}

function unquoted(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value
}
