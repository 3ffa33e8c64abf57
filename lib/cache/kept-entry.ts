import { deleteAt, type Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import type { Engine } from './engine.js'
import { valueOf } from './load.js'
import { publicTags } from './public-tags.js'

/** What is kept under a key, with what is known of it. Instants are epoch ms. */
export interface KeptEntry<Value = unknown> {
  readonly value: Value
  readonly createdAt: number
  /** Fresh before this instant. */
  readonly staleAt: number
  /** Served to nobody from this instant on, not even when a load fails. */
  readonly deleteAt: number
  readonly tags: readonly string[]
  /** How often this process has served it fresh since it came into its memory. */
  readonly hits: number
}

/** The entry whatever its age, for who wants to know of it: that is no hit. @throws {StoreError} */
export async function inspect(engine: Engine, key: string): Promise<KeptEntry | undefined> {
  const entry = engine.store.peek(key) ?? (await engine.door.read(key, false)).entry
  return entry === undefined || judge(entry, engine.clock.now()) === 'gone' ? undefined : described(entry)
}

function described(entry: Entry): KeptEntry {
  const { createdAt, staleAt, tags, hits, attached } = entry
  return Object.freeze({
    value: valueOf(entry),
    createdAt,
    staleAt,
    deleteAt: deleteAt(entry),
    tags: Object.freeze(publicTags(tags)),
    hits: hits + (attached?.hits ?? 0),
  })
}
