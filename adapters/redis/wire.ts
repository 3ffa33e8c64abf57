import type { Entry } from '../../lib/entries/entry.js'
import type { Purge } from '../../lib/journal/purge.js'
import type { FarPurge, FarRecord } from '../../lib/stores/far.js'

/** One entry of a stream, as the server sends it. */
export type StreamEntry = [id: Buffer, fields: Buffer[]]

/** What `READ` answers: epoch, position, envelope, staleAt, lease, for how long another holds it, how many intents stand, what was counted. */
export type FoundReply = [Buffer, number, Buffer | null, Buffer, Buffer, number, number, Buffer]

/** The number that is written there, if it is one. */
export function numberIn(text: Buffer): number | undefined {
  const number = text.length > 0 ? Number(text) : NaN
  return Number.isFinite(number) ? number : undefined
}

/** The largest instant that a script can count to stands for never. */
export function finite(instant: number): number {
  return Math.min(instant, Number.MAX_SAFE_INTEGER)
}

/** The instant that such a number stands for. */
export function instantOf(number: number | Buffer): number {
  const instant = Number(number)
  return instant >= Number.MAX_SAFE_INTEGER ? Infinity : instant
}

/** As the scripts name their parts. */
export function packed(purges: readonly Purge[]): string {
  return JSON.stringify(
    purges.map(({ kind, name, within, soft, at }) => ({
      k: kind,
      n: name,
      s: soft,
      a: at,
      ...(within === undefined ? {} : { w: within }),
    })),
  )
}

function unpacked(bytes: Buffer): readonly Purge[] {
  const purges = JSON.parse(String(bytes)) as { k: Purge['kind']; n: string; s: boolean; a: number; w?: string }[]
  return purges.map(({ k, n, s, a, w }) => ({ kind: k, name: n, soft: s, at: a, ...(w === undefined ? {} : { within: w }) }))
}

/** A record of the journal, as the stream holds it. */
export function record([id, fields]: StreamEntry): FarRecord {
  const { x: epoch, f: first, o: origin, r: purges } = named(fields)
  return {
    id: String(id),
    epoch: String(epoch),
    first: Number(first),
    origin: String(origin),
    purges: purges === undefined ? [] : unpacked(purges),
  }
}

/** The streams of an answer with their entries: pairs, or by their names where the client was made to answer in the shapes of RESP3. */
export function streams(reply: unknown): readonly (readonly [name: string, entries: StreamEntry[]])[] {
  const found = Array.isArray(reply) ? (reply as [Buffer, StreamEntry[]][]) : Object.entries(reply as Record<string, StreamEntry[]>)
  return found.map(([name, entries]) => [String(name), entries])
}

/** The fields of a stream's entry by their names. */
export function named(fields: readonly Buffer[]): Record<string, Buffer | undefined> {
  const result: Record<string, Buffer | undefined> = {}
  for (let at = 0; at < fields.length; at += 2) result[String(fields[at])] = fields[at + 1]
  return result
}

/** What the scripts that purge reply. */
export function farPurge(reply: unknown): FarPurge {
  const [epoch, position, age, now, members] = reply as [Buffer, number, Buffer, Buffer, Buffer[]]
  const leased: { id: string; leasedForMs: number }[] = []
  for (let at = 0; at < members.length; at += 2)
    leased.push({ id: String(members[at]), leasedForMs: Number(members[at + 1]) - Number(now) })
  return { epoch: String(epoch), position, epochAgeMs: Number(age), members: leased }
}

/** The number that may be counted on from, if it is one. */
export function countable({ value }: Entry): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : ''
}

/** What becomes of the older values of a key when a new one is put in their place. */
export function purgeOf({ key, createdAt }: Entry): Purge {
  return { kind: 'key', name: key, soft: false, at: createdAt }
}

/** The epoch and the token of a lease. */
export function partsOf(lease: string): { readonly epoch: string; readonly token: string } {
  const end = lease.indexOf(' ')
  return { epoch: lease.slice(0, end), token: lease.slice(end + 1) }
}
