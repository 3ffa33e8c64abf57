import { ConfigError, shown } from '../errors.js'
import { isName } from '../keys/names.js'
import { ordinaryTag } from '../keys/table.js'
import { milliseconds } from '../time/duration.js'
import { FOREVER_SECONDS } from '../http/cache-control.js'

/** Fields in which a page's tags can be sent, for caches further out that are purged by them. */
export const TAG_FIELDS = ['Cache-Tag', 'Surrogate-Key', 'Cache-Groups'] as const

export type TagField = (typeof TAG_FIELDS)[number]

/** What the readers of a page are told, apart from how long it is kept here. */
export interface Told {
  readonly browserSeconds: number | undefined
  readonly cdnSeconds: number | undefined
  readonly tagFields: readonly TagField[]
  /** Caches that many share are told to leave it alone. */
  readonly personal: boolean
}

/** @throws {ConfigError} @returns `undefined` if there is nothing to tell */
export function resolveTold(browser: unknown, cdn: unknown, tagHeaders: unknown, personal: boolean): Told | undefined {
  if (browser === undefined && cdn === undefined && tagHeaders === undefined) return undefined
  const tagFields = tagHeaders ?? []
  if (!Array.isArray(tagFields) || !tagFields.every((name: unknown) => TAG_FIELDS.some(field => field === name))) {
    throw new ConfigError(`Expected \`tagHeaders\` to be an array of ${TAG_FIELDS.map(shown).join(', ')}, got ${shown(tagHeaders)}`)
  }
  return Object.freeze({
    browserSeconds: secondsOf(browser, 'browser'),
    cdnSeconds: secondsOf(cdn, 'cdn'),
    tagFields: [...(tagFields as TagField[])],
    personal,
  })
}

function secondsOf(duration: unknown, option: string): number | undefined {
  return duration === undefined ? undefined : Math.min(Math.floor(milliseconds(duration, option) / 1000), FOREVER_SECONDS)
}

/**
 * Fields, names and values in turn, that are said of a page of this age and with these tags, but for those that it has. `personal` says that it is for
 * one visitor alone, whatever its policy says of all.
 */
export type Teller = (ageSeconds: number, tags: Iterable<string>, has: (name: string) => boolean, personal?: boolean) => readonly string[]

/** @param prefix what the names of the namespace begin with */
export function tellerOf(told: Told | undefined, prefix: string): Teller | undefined {
  if (told === undefined) return undefined
  const ofOne = { ...told, personal: true }
  return (ageSeconds, tags, has, personal = false) => fieldsTold(personal ? ofOne : told, ageSeconds, givenTags(tags, prefix), has)
}

/**
 * The fields that say it, names and values in turn. Who reads `Age` takes it from `max-age`, so that counts from when the page was made (RFC
 * 9111, 4.2). `has` tells which fields the route has set itself: those stay as they are.
 */
function fieldsTold(told: Told, ageSeconds: number, tags: readonly string[], has: (name: string) => boolean): readonly string[] {
  const { browserSeconds, cdnSeconds, tagFields, personal } = told
  const fields: string[] = []
  const tell = (name: string, value: string) => {
    if (value !== '' && !has(name.toLowerCase())) fields.push(name, value)
  }
  if (browserSeconds !== undefined) tell('Cache-Control', `${personal ? 'private, ' : ''}max-age=${ageSeconds + browserSeconds}`)
  // RFC 9213, 3.1.
  if (cdnSeconds !== undefined && !personal) tell('CDN-Cache-Control', `max-age=${ageSeconds + cdnSeconds}`)
  for (const name of tagFields) tell(name, tagsAs(name, tags))
  return fields
}

/** What is not printable in all three fields is percent-encoded. */
function tagsAs(field: TagField, tags: readonly string[]): string {
  const texts = tags.map(tag => tag.replace(/[^!#-+\--[\]-~]/gu, encodeURIComponent))
  if (field === 'Cache-Groups') return texts.map(text => `"${text}"`).join(', ')
  return texts.join(field === 'Cache-Tag' ? ',' : ' ')
}

/** The tags that an application gave, of all that an entry has: without the namespace they lie in, and those that are the library's own. */
function givenTags(tags: Iterable<string>, prefix: string): readonly string[] {
  return Array.from(tags)
    .filter(tag => tag.startsWith(prefix))
    .map(tag => ordinaryTag(tag.slice(prefix.length)))
    .filter(isName)
}
