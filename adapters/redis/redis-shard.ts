import { performance } from 'node:perf_hooks'
import type { Entry } from '../../lib/entries/entry.js'
import { deleteAt } from '../../lib/entries/entry.js'
import type { Codec } from '../../lib/entries/codec.js'
import type { Purge } from '../../lib/journal/purge.js'
import type { Breaker, Wait } from '../../lib/stores/breaker.js'
import type { Epoch, FarCount, FarFill, FarFind, FarPurge, FarReading, FarRecord, FarShard, Heard, Renewal } from '../../lib/stores/far.js'
import { ADD, COUNT, PUT, REPLACE, TOUCH } from './change-scripts.js'
import { digestOf } from './digest.js'
import { Finder } from './finder.js'
import type { Argument, ListeningClient, RedisClient } from './redis-client.js'
import { isRefusal } from './refusal.js'
import { SignedCounts } from './signed-counts.js'
import { ACKNOWLEDGE, FILL, LEAVE, PURGE, READ, RELEASE, RENEW, TIME } from './scripts.js'
import {
  countable,
  farPurge,
  finite,
  instantOf,
  named,
  packed,
  partsOf,
  purgeOf,
  record,
  streams,
  type FoundReply,
  type StreamEntry,
} from './wire.js'

export interface RedisShardOptions {
  readonly client: RedisClient
  readonly listener: ListeningClient
  /** Begins every key of the shard, with its hash tag: `{smart-cache:0}:`. */
  readonly prefix: string
  /** This process, among those that share the store. */
  readonly member: string
  readonly codec: Codec
  readonly breaker: Breaker
  /** How long the breaker waits for an answer, ms. */
  readonly budgetMs: number
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

/** So many leases are remembered that may have been given to nobody; more than that have to run out. */
const MAX_LOST = 10_000
/** How many of them are given back with one question. */
const LOST_AT_ONCE = 500

/** Of all shards, so that no two have the same lease or epoch. */
let ids = 0

/** One shard in Redis: each method is one script or command, and one round trip. */
export class RedisShard implements FarShard {
  readonly #options: RedisShardOptions
  readonly #finder: Finder
  /** Leases that may stand although nobody has them, for the answer was lost or came too late: tokens with their keys. */
  readonly #lost = new Map<string, string>()
  /** What time it was there, at least, when it was `at` here. */
  #clock: { readonly there: number; readonly at: number } | undefined
  readonly #signedCounts: SignedCounts
  #cut = () => {}
  #inboxId = '0-0'

  constructor(options: RedisShardOptions) {
    this.#options = options
    this.#finder = new Finder(options)
    this.#signedCounts = new SignedCounts(options.codec, {
      find: async (key, now) => (await this.#ask(READ, this.#newId(), key, now, 0, '', 0, options.member, 0, 0)) as FoundReply,
      replace: async (entry, found, fresh) => {
        const reply = await this.#change(REPLACE, entry, found ?? '', fresh ? 1 : 0)
        return reply === null ? undefined : farPurge(reply)
      },
    })
    // What becomes of the connection is seen by the membership, which runs out without it.
    options.listener.on('error', () => {})
    options.listener.on('close', () => this.#cut())
    options.listener.on('ready', () => this.#hurry())
  }

  find(key: string): Promise<FarFind | undefined> {
    return this.#finder.find(key)
  }

  async read(key: string, now: number, toFill: boolean, since: number, unreadable = false): Promise<FarReading> {
    const { fillLeaseMs, member } = this.#options
    const asked = this.#newId()
    const reply = await this.#holding(toFill ? { key, token: asked } : undefined, () => {
      return this.#ask(READ, this.#newId(), key, now, toFill ? 1 : 0, asked, fillLeaseMs, member, unreadable ? 1 : 0, since)
    })
    const [epoch, position, envelope, staleAt, token, heldForMs, contested, counted] = reply as FoundReply
    const entry = envelope === null ? undefined : this.#options.codec.decode(envelope)
    const readable = entry !== undefined && entry.key === key
    // Where entries are signed Redis counts nothing by itself.
    const count = this.#options.codec.signs || counted.length === 0 ? undefined : Number(counted)
    // Damaged, or of another version: as good as absent, also to whom the lease is given.
    if (envelope !== null && !readable && toFill && token.length === 0) return this.read(key, now, toFill, since, true)
    return {
      epoch: String(epoch),
      position,
      entry: readable ? { ...entry, staleAt: instantOf(staleAt), value: count ?? entry.value } : undefined,
      lease: token.length === 0 ? undefined : String(token),
      heldForMs: heldForMs > 0 ? heldForMs : undefined,
      contested: contested > 0,
    }
  }

  async fill(entry: Entry, lease: string, supersede: boolean): Promise<FarFill | undefined> {
    const { epoch, token } = partsOf(lease)
    if (token.startsWith(UNWRITTEN)) throw new Error(token.slice(UNWRITTEN.length))
    const { key, position, staleAt } = entry
    const { fillLeaseMs, member } = this.#options
    const purge = supersede ? packed([purgeOf(entry)]) : ''
    const reply = await this.#holding({ key, token }, () => {
      const lead = [member, key, epoch, token, position, finite(staleAt)]
      return this.#ask(FILL, this.#newId(), ...lead, ...this.#kept(entry), fillLeaseMs, purge, countable(entry))
    })
    if (reply === null) return undefined
    const [at, kept] = reply as [Buffer, number]
    return { epoch: String(at), position: kept, purge: supersede ? farPurge(reply) : undefined }
  }

  async put(entry: Entry): Promise<FarPurge> {
    return farPurge(await this.#change(PUT, entry))
  }

  async add(entry: Entry, now: number): Promise<FarPurge | undefined> {
    const reply = await this.#change(ADD, entry, finite(now))
    return reply === null ? undefined : farPurge(reply)
  }

  async touch(entry: Entry, now: number): Promise<FarPurge | undefined> {
    const reply = await this.#change(TOUCH, entry, finite(now))
    return reply === null ? undefined : farPurge(reply)
  }

  async count(entry: Entry, by: number, now: number): Promise<FarCount> {
    if (this.#options.codec.signs) return this.#signedCounts.count(entry, by, now)
    const reply = await this.#change(COUNT, entry, finite(now), by)
    const [, , , , , count] = reply as [unknown, unknown, unknown, unknown, unknown, Buffer]
    return { purge: farPurge(reply), count: Number(count) }
  }

  async #change(script: string, entry: Entry, ...more: readonly Argument[]): Promise<unknown> {
    const { key, staleAt } = entry
    const [life, tags, envelope, tagLife] = this.#kept(entry)
    const purge = packed([purgeOf(entry)])
    const { breaker, member, budgetMs } = this.#options
    const until = performance.now() + budgetMs
    return breaker.ask(async wait => {
      this.#clock ??= await this.#time(wait)
      // A value that reached the server only after it was given up here would come back over purges that others were told are done.
      const notAfter = Math.floor(this.#clock.there + until - this.#clock.at)
      const kept = [key, finite(staleAt), life, tags, envelope, purge, notAfter, countable(entry), ...more]
      return this.#send(wait, script, this.#newId(), member, tagLife, ...kept)
    })
  }

  async release(key: string, lease: string): Promise<void> {
    const { token } = partsOf(lease)
    if (!token.startsWith(UNWRITTEN)) await this.#holding({ key, token }, () => this.#ask(RELEASE, key, token))
  }

  async purge(purges: readonly Purge[], intent = { id: '', standsMs: 0 }): Promise<FarPurge> {
    const { member, fillLeaseMs } = this.#options
    const { id, standsMs } = intent
    return farPurge(await this.#ask(PURGE, this.#newId(), member, UNUSED_TAG_MS, packed(purges), id, standsMs, standsMs + fillLeaseMs))
  }

  async renew(leaseMs: number, since: { epoch: Epoch; id: string } | undefined): Promise<Renewal> {
    const { breaker, member } = this.#options
    const reply = await breaker.probe(wait => {
      return this.#send(wait, RENEW, this.#newId(), member, leaseMs, since?.epoch ?? '', since?.id ?? '0-0')
    })
    const [epoch, position, lastId, entries, there] = reply as [Buffer, number, Buffer, StreamEntry[], Buffer]
    this.#clock = { there: Number(there), at: performance.now() }
    // The inbox may have lost its end, and go on before it. [epoch]
    if (String(epoch) !== since?.epoch) this.#inboxId = '0-0'
    if (this.#lost.size > 0) void this.#giveBack()
    return { epoch: String(epoch), position, lastId: String(lastId), records: entries.map(record) }
  }

  async acknowledge(origins: readonly string[], epoch: Epoch, position: number): Promise<void> {
    await this.#ask(ACKNOWLEDGE, epoch, position, this.#options.member, ...origins)
  }

  async listen(afterId: string): Promise<Heard | undefined> {
    const { listener, prefix, member } = this.#options
    const inbox = `${prefix}i:${member}`
    const reply = await this.#unlessCut(listener.xreadBuffer('BLOCK', LISTEN_MS, 'STREAMS', `${prefix}j`, inbox, afterId, this.#inboxId))
    if (reply === null) return undefined
    const heard = { records: [] as FarRecord[], acknowledgements: [] as Heard['acknowledgements'][number][], released: [] as string[] }
    for (const [stream, entries] of streams(reply)) {
      // A client may have put a prefix of its own before the names.
      if (!stream.endsWith(inbox)) heard.records.push(...entries.map(record))
      else for (const entry of entries) this.#open(entry, heard)
    }
    return heard
  }

  async close(): Promise<void> {
    this.#options.listener.disconnect()
    // Who cannot say that he leaves is missed soon enough.
    await this.#ask(LEAVE, this.#options.member).catch(() => {})
  }

  #open([id, fields]: StreamEntry, heard: { acknowledgements: Heard['acknowledgements'][number][]; released: string[] }): void {
    this.#inboxId = String(id)
    const { k: key, m: by, x: epoch, p: position } = named(fields)
    if (key !== undefined) heard.released.push(String(key))
    else heard.acknowledgements.push({ member: String(by), epoch: String(epoch), position: Number(position) })
  }

  /** A name that nothing was ever called before, for a lease or an epoch. */
  #newId(): string {
    return `${this.#options.member}.${ids++}`
  }

  /** What a fill writes: life in ms, tags, envelope, and the life of its tags. */
  #kept(entry: Entry): [number, string, Buffer, number] {
    const life = Math.min(Math.max(1, Math.ceil(deleteAt(entry) - entry.createdAt)), MAX_LIFE_MS)
    return [life, JSON.stringify(entry.tags), this.#options.codec.encode(entry), life + TAG_MARGIN_MS]
  }

  /** The server is back. The client may have meant to wait for seconds yet, as ioredis 6 does by default, before it looks again. */
  #hurry(): void {
    const { client } = this.#options
    if (client.status === 'reconnecting') client.connect?.().catch(() => {})
  }

  /** What the listener answers, unless its connection is lost. One over which nothing comes any more, not even the end of a wait, is given up. */
  #unlessCut(answer: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const silence = setTimeout(() => {
        this.#options.listener.disconnect(true)
        this.#cut()
      }, 3 * LISTEN_MS)
      silence.unref()
      // What was asked over a connection that is lost may never be answered: the next one is not to blame.
      this.#cut = () => (clearTimeout(silence), reject(new Error('The connection was lost')))
      answer.then(resolve, reject).finally(() => clearTimeout(silence))
    })
  }

  /** Does what has to do with a lease; if that fails, the lease may stand although nobody has it. */
  async #holding<T>(lease: { readonly key: string; readonly token: string } | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (lease !== undefined) this.#lose(lease.key, lease.token)
      if (isRefusal(error)) void this.#giveBack()
      throw error
    }
  }

  #lose(key: string, token: string): void {
    if (this.#lost.size >= MAX_LOST) for (const oldest of this.#lost.keys()) if (this.#lost.delete(oldest)) break
    this.#lost.set(token, key)
  }

  /** Once the server answers again, whatever was asked before has been answered or lost: no lease is given to those questions any more. */
  async #giveBack(): Promise<void> {
    const some = [...this.#lost].slice(0, LOST_AT_ONCE)
    for (const [token] of some) this.#lost.delete(token)
    try {
      await this.#ask(RELEASE, ...some.flatMap(([token, key]) => [key, token]))
    } catch {
      for (const [token, key] of some) this.#lose(key, token)
    }
  }

  async #time(wait: Wait): Promise<{ readonly there: number; readonly at: number }> {
    const there = Number(await this.#send(wait, TIME))
    return { there, at: performance.now() }
  }

  #ask(script: string, ...args: Argument[]): Promise<unknown> {
    return this.#options.breaker.ask(wait => this.#send(wait, script, ...args))
  }

  /** By its digest, or in full where the server does not know it yet. */
  async #send(wait: Wait, script: string, ...args: Argument[]): Promise<unknown> {
    const { client, prefix } = this.#options
    const { evalshaBuffer, evalBuffer } = client
    const digest = digestOf(script)
    try {
      return await (evalshaBuffer?.call(client, digest, 1, prefix, ...args) ?? client.callBuffer('evalsha', digest, 1, prefix, ...args))
    } catch (error) {
      if (wait.over || !(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return evalBuffer?.call(client, script, 1, prefix, ...args) ?? client.callBuffer('eval', script, 1, prefix, ...args)
    }
  }
}

/** Begins what stands for the token of a lease that could not be written, and goes on with the reason. */
const UNWRITTEN = '!'
