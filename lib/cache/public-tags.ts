import { OWN, splitName } from '../keys/names.js'
import { ordinaryTag } from '../keys/table.js'

/** The tags that callers gave, in any namespace; not those of the library's own. */
export function publicTags(tags: readonly string[]): string[] {
  return tags.map(tag => ordinaryTag(splitName(tag).name)).filter(name => !name.startsWith(OWN))
}
