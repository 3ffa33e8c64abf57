import { createHash } from 'node:crypto'
import type { Entry } from '../../lib/entries/entry.js'
import { deleteAt } from '../../lib/entries/entry.js'
import type { Codec } from '../../lib/entries/codec.js'
import type { Purge } from '../../lib/journal/purge.js'
import type { Breaker } from '../../lib/stores/breaker.js'
import type { Epoch, FarPurge, FarReading, FarRecord, FarShard, Heard, Renewal } from '../../lib/stores/far.js'
import { ACKNOWLEDGE, FILL, PURGE, PUT, READ, RELEASE, RENEW } from './scripts.js'

/** What is used of an ioredis client, single, Sentinel or Cluster. */
export interface RedisClient {
  callBuffer(command: string, ...args: (string | Buffer | number)[]): Promise<unknown>
}

/** Of the connection that only listens. */
export interface ListeningClient extends RedisClient {
  /** @param reconnect begin again with a new connection */
  disconnect(reconnect?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface RedisShardOptions {
  readonly client: RedisClient
  readonly listener: ListeningClient
  /** Begins every key of the shard, with its hash tag: `{smart-cache:0}:`. */
  readonly prefix: string
  /** This process, among those that share the store. */
  readonly member: string
  readonly codec: Codec
  readonly breaker: Breaker
  /** How long a fill lease lasts, ms. */
  readonly fillLeaseMs: number
}

/** How long one blocking read waits for news, ms. */
const LISTEN_MS = 1_000
/** A tag's positions outlive the entries that carry it by this much. */
const TAG_MARGIN_MS = 60_000
/** Long enough for every load that began before the purge to have ended. */
const UNUSED_TAG_MS = 3_600_000
/** The longest that anything is kept in Redis: PEXPIRE takes no more than what stays below 2^63 with the time added. */
const MAX_LIFE_MS = 10 * 365 * 86_400_000

const digests = new Map<string, string>()

/** One shard in Redis: each method is one script, and one round trip. */
export class RedisShard implements FarShard {
  readonly #options: RedisShardOptions
  #inboxId = '0-0'
  #ids = 0

  constructor(options: RedisShardOptions) {
    this.#options = options
    // What becomes of the connection is seen by the membership, which runs out without it.
    options.listener.on('error', () => {})
  }

  async read(key: string, now: number, toFill: boolean): Promise<FarReading> {
    const { fillLeaseMs, member } = this.#options
    const reply = await this.#run(READ, this.#newId(), key, now, toFill ? 1 : 0, this.#newId(), fillLeaseMs, member)
    const [epoch, position, envelope, staleAt, token, heldForMs] = reply as [Buffer, number, Buffer | null, Buffer, Buffer, number]
    const entry = envelope === null ? undefined : this.#options.codec.decode(envelope)
    const readable = entry !== undefined && entry.key === key
    return {
      epoch: String(epoch),
      position,
      entry: readable ? { ...entry, staleAt: Math.min(entry.staleAt, Number(staleAt)) } : undefined,
      lease: token.length === 0 ? undefined : String(token),
      heldForMs: heldForMs > 0 ? heldForMs : undefined,
    }
  }

  async fill(entry: Entry, lease: string): Promise<{ epoch: Epoch; position: number } | undefined> {
    const [epoch = '', token = ''] = lease.split(' ')
    const { key, position, staleAt } = entry
    const reply = await this.#run(
      FILL,
      this.#newId(),
      key,
      epoch,
      token,
      position,
      finite(staleAt),
      ...this.#kept(entry),
      this.#options.fillLeaseMs,
    )
    if (reply === null) return undefined
    const [at, kept] = reply as [Buffer, number]
    return { epoch: String(at), position: kept }
  }

  async put(entry: Entry): Promise<FarPurge> {
    const { key, staleAt, createdAt } = entry
    const [life, tags, envelope, tagLife] = this.#kept(entry)
    const purge = packed([{ kind: 'key', name: key, soft: false, at: createdAt }])
    return farPurge(await this.#run(PUT, this.#newId(), this.#options.member, tagLife, key, finite(staleAt), life, tags, envelope, purge))
  }

  async release(key: string, lease: string): Promise<void> {
    await this.#run(RELEASE, key, lease.split(' ')[1] ?? '')
  }

  async purge(purges: readonly Purge[], intent = { id: '', standsMs: 0 }): Promise<FarPurge> {
    const { member, fillLeaseMs } = this.#options
    const { id, standsMs } = intent
    return farPurge(await this.#run(PURGE, this.#newId(), member, UNUSED_TAG_MS, packed(purges), id, standsMs, standsMs + fillLeaseMs))
  }

  async renew(leaseMs: number, since: { epoch: Epoch; id: string } | undefined): Promise<Renewal> {
    const reply = await this.#run(RENEW, this.#newId(), this.#options.member, leaseMs, since?.epoch ?? '', since?.id ?? '0-0')
    const [epoch, position, lastId, entries] = reply as [Buffer, number, Buffer, StreamEntry[]]
    return { epoch: String(epoch), position, lastId: String(lastId), records: entries.map(record) }
  }

  async acknowledge(origins: readonly string[], epoch: Epoch, position: number): Promise<void> {
    await this.#run(ACKNOWLEDGE, epoch, position, this.#options.member, ...origins)
  }

  async listen(afterId: string): Promise<Heard | undefined> {
    const { listener, prefix, member } = this.#options
    const inbox = `${prefix}i:${member}`
    // A connection over which nothing comes any more, not even the end of a wait, is given up.
    const silence = setTimeout(() => listener.disconnect(true), 3 * LISTEN_MS)
    const reply = await listener
      .callBuffer('xread', 'BLOCK', LISTEN_MS, 'STREAMS', `${prefix}j`, inbox, afterId, this.#inboxId)
      .finally(() => clearTimeout(silence))
    if (reply === null) return undefined
    const heard = { records: [] as FarRecord[], acknowledgements: [] as Heard['acknowledgements'][number][], released: [] as string[] }
    for (const [stream, entries] of reply as [Buffer, StreamEntry[]][]) {
      if (String(stream) !== inbox) heard.records.push(...entries.map(record))
      else for (const entry of entries) this.#open(entry, heard)
    }
    return heard
  }

  async close(): Promise<void> {
    this.#options.listener.disconnect()
  }

  #open([id, fields]: StreamEntry, heard: { acknowledgements: Heard['acknowledgements'][number][]; released: string[] }): void {
    this.#inboxId = String(id)
    const { k: key, m: by, x: epoch, p: position } = named(fields)
    if (key !== undefined) heard.released.push(String(key))
    else heard.acknowledgements.push({ member: String(by), epoch: String(epoch), position: Number(position) })
  }

  /** A name that nothing was ever called before, for a lease or an epoch. */
  #newId(): string {
    return `${this.#options.member}.${this.#ids++}`
  }

  /** What a fill writes: life in ms, tags, envelope, and the life of its tags. */
  #kept(entry: Entry): [number, string, Buffer, number] {
    const life = Math.min(Math.max(1, Math.ceil(deleteAt(entry) - entry.createdAt)), MAX_LIFE_MS)
    return [life, JSON.stringify(entry.tags), this.#options.codec.encode(entry), life + TAG_MARGIN_MS]
  }

  /** By its digest, or in full where the server does not know it yet. */
  async #run(script: string, ...args: (string | Buffer | number)[]): Promise<unknown> {
    const { client, prefix, breaker } = this.#options
    return breaker.ask(async () => {
      try {
        return await client.callBuffer('evalsha', digestOf(script), 1, prefix, ...args)
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
        return client.callBuffer('eval', script, 1, prefix, ...args)
      }
    })
  }
}

type StreamEntry = [id: Buffer, fields: Buffer[]]

function digestOf(script: string): string {
  const digest = digests.get(script) ?? createHash('sha1').update(script).digest('hex')
  digests.set(script, digest)
  return digest
}

function finite(instant: number): number {
  return Math.min(instant, Number.MAX_SAFE_INTEGER)
}

/** As the scripts name their parts. */
function packed(purges: readonly Purge[]): string {
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

function record([id, fields]: StreamEntry): FarRecord {
  const { x: epoch, f: first, o: origin, r: purges } = named(fields)
  return {
    id: String(id),
    epoch: String(epoch),
    first: Number(first),
    origin: String(origin),
    purges: purges === undefined ? [] : unpacked(purges),
  }
}

function named(fields: readonly Buffer[]): Record<string, Buffer | undefined> {
  const result: Record<string, Buffer | undefined> = {}
  for (let at = 0; at < fields.length; at += 2) result[String(fields[at])] = fields[at + 1]
  return result
}

function farPurge(reply: unknown): FarPurge {
  const [epoch, position, age, now, members] = reply as [Buffer, number, Buffer, Buffer, Buffer[]]
  const leased: { id: string; leasedForMs: number }[] = []
  for (let at = 0; at < members.length; at += 2)
    leased.push({ id: String(members[at]), leasedForMs: Number(members[at + 1]) - Number(now) })
  return { epoch: String(epoch), position, epochAgeMs: Number(age), members: leased }
}
