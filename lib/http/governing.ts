import type { OutgoingHttpHeaders } from 'node:http'
import { parseCacheControl, type Directives } from './cache-control.js'
import { parseDictionary } from './dictionary.js'
import { fieldText } from './field-text.js'

/** The directives that a shared cache in the origin goes by. */
export interface Governing {
  /** `undefined` if they cannot be read. */
  readonly directives: Directives | undefined
  /** They are aimed at caches like this one, and `Expires` counts no more than `Cache-Control` beside them. */
  readonly targeted: boolean
}

/** The first of the fields aimed at caches of this kind that says anything, or else `Cache-Control` (RFC 9213, 2.2). Names in lower case. */
export function governing(headers: OutgoingHttpHeaders): Governing {
  const targeted =
    parseDictionary(fieldText(headers['cdn-cache-control'])) ?? parseSurrogateControl(fieldText(headers['surrogate-control']))
  if (targeted !== undefined) return { directives: targeted, targeted: true }
  const directives = parseCacheControl(headers['cache-control'])
  // The predecessor of `no-cache`, where nothing newer is said (RFC 9111, 5.4).
  if (directives?.size === 0 && /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(fieldText(headers['pragma']))) {
    return { directives: new Map([['no-cache', undefined]]), targeted: false }
  }
  return { directives, targeted: false }
}

/**
 * `Surrogate-Control` of the W3C's Edge Architecture note. What is aimed at a surrogate by name (`max-age=60;name`) is not for us: this cache
 * gives itself none. `undefined` if nothing is left.
 */
function parseSurrogateControl(text: string): Directives | undefined {
  const own = text.split(',').filter(part => part.trim() !== '' && !part.includes(';'))
  const directives = own.length === 0 ? undefined : parseCacheControl(own.join())
  return directives?.has('max-age') === true || directives?.has('no-store') === true ? directives : undefined
}
