import { ModelMember, type ModelFlight } from './model-member.js'
import { INTENT, LEASE, ModelShard, type Purged } from './model-shard.js'
import { seeded } from './random.js'
import type { Rule } from './rules.js'

/** What a run of the model did, so that one can see that it did something. */
export interface Counts {
  reads: number
  near: number
  plain: number
  far: number
  joined: number
  loads: number
  refused: number
  crashes: number
  violations: number
}

/** One atomic step between two `yield`s. */
type Steps<T = void> = Generator<undefined, T, undefined>

/** `near` and `far` are made of the part, in the same shard and in the other. `moved` is loaded under a key of the first, and belongs under one of the second. */
const SHARD_OF = { part: 0, near: 0, far: 1, moved: 0 } as const
type Key = keyof typeof SHARD_OF
const KEYS: readonly Key[] = ['part', 'part', 'near', 'far', 'moved']
/** Over one shard, a purge is said once. */
const KEYS_OF_ONE: readonly Key[] = ['part', 'near']

interface Process {
  readonly id: number
  readonly members: readonly ModelMember[]
  readonly flights: Map<string, ModelFlight>
  stoppedUntil: number
  cutUntil: number
}

const [PROCESSES, SHARDS, READERS, WRITERS] = [3, 2, 3, 2]
/** Of a lease, as those who wait for its end count it. */
const MARGIN = 2

/**
 * The protocol as a model: several processes over a far tier of two shards, in steps whose order chance decides. Processes are stopped or cut off, the far tier
 * forgets a part or everything, and in every second run writers die between COMMIT and purge. Half of the runs are over the first shard alone.
 * @param omit leaves one rule out, to see what it is there for
 */
export function model(seed: number, runs: number, omit?: Rule): Counts {
  const counts = { reads: 0, near: 0, plain: 0, far: 0, joined: 0, loads: 0, refused: 0, crashes: 0, violations: 0 }
  for (let run = 0; run < runs; run++) new Run(seeded(seed * 1_000_003 + run), run % 2 === 1, run % 4 < 2, counts, omit).toItsEnd()
  return counts
}

class Run {
  readonly #random: () => number
  /** Writers die; then the store does not lose everything as well. */
  readonly #dying: boolean
  readonly #alone: boolean
  readonly #counts: Counts
  readonly #omit: Rule | undefined
  readonly #shards: ModelShard[]
  readonly #processes: readonly Process[]
  /** What the dead have written, and when it is due. */
  readonly #orphans: { readonly version: number; readonly due: number }[] = []
  /** The newest version whose invalidation has resolved: by tag, and by the key of the part. */
  readonly #resolved = { tag: 0, key: 0 }
  #now = 0
  #version = 0

  constructor(random: () => number, dying: boolean, alone: boolean, counts: Counts, omit: Rule | undefined) {
    this.#random = random
    this.#dying = dying
    this.#alone = alone
    this.#counts = counts
    this.#omit = omit
    this.#shards = Array.from({ length: SHARDS }, () => new ModelShard(-1000, omit))
    this.#processes = Array.from({ length: PROCESSES }, (_, id) => {
      const flights = new Map<string, ModelFlight>()
      const hear = (purged: Purged | '*') => flights.forEach(flight => flight.heard.push(purged))
      return { id, flights, members: this.#shards.map(() => new ModelMember(hear, omit)), stoppedUntil: 0, cutUntil: 0 }
    })
  }

  toItsEnd(): void {
    const actors = this.#processes.flatMap(process => [
      ...process.members.map((_, shard) => ({ process, steps: this.#follow(process, shard), ends: false })),
      ...Array.from({ length: READERS }, () => ({ process, steps: this.#keepReading(process), ends: true })),
      ...(process.id < WRITERS ? [{ process, steps: this.#keepWriting(process), ends: true }] : []),
    ])
    const done = new Set<Steps>()
    for (let step = 0; step < 12_000 && actors.some(({ steps, ends }) => ends && !done.has(steps)); step++) {
      this.#happen()
      const able = actors.filter(({ process, steps }) => !done.has(steps) && process.stoppedUntil <= this.#now)
      const actor = able[this.#below(able.length)]
      if (actor?.steps.next().done) done.add(actor.steps)
    }
  }

  #happen(): void {
    const somebody = () => this.#processes[this.#below(PROCESSES)]
    const shard = this.#below(SHARDS)
    if (this.#chance(0.3)) this.#now++
    if (this.#chance(0.004)) Object.assign(somebody() ?? {}, { stoppedUntil: this.#now + this.#below(80) })
    if (this.#chance(0.004)) Object.assign(somebody() ?? {}, { cutUntil: this.#now + this.#below(80) })
    if (this.#chance(0.001)) {
      this.#at(shard).stamp = undefined
      if (this.#chance(0.5)) this.#at(shard).forgetJournal()
    }
    if (this.#chance(0.0003)) this.#at(shard).forgetMembers(this.#now)
    if (this.#chance(0.002)) this.#at(shard).copy()
    if (!this.#dying && this.#chance(0.0005)) {
      this.#shards[shard] = this.#at(shard).lost(this.#now)
      // Who does not hear of it has more to do with it than others.
      if (this.#chance(0.5)) Object.assign(somebody() ?? {}, { cutUntil: this.#now + this.#below(80) })
    }
    for (const { version, due } of this.#orphans) if (due <= this.#now) this.#resolved.tag = Math.max(this.#resolved.tag, version)
  }

  *#keepReading(process: Process): Steps {
    for (let times = 14; times > 0; times--) {
      const keys = this.#alone ? KEYS_OF_ONE : KEYS
      const key = keys[this.#below(keys.length)] ?? 'part'
      const due = key === 'part' ? Math.max(this.#resolved.tag, this.#resolved.key) : this.#resolved.tag
      const value = yield* key === 'moved' ? this.#readMoved(process) : this.#read(process, key)
      this.#counts.reads++
      if (value < due) this.#counts.violations++
      yield* this.#pause(6)
    }
  }

  *#read(process: Process, key: Key): Steps<number> {
    const member = this.#memberOf(process, key)
    for (;;) {
      const kept = member.holds(this.#now) ? member.peek(key) : undefined
      if (kept !== undefined) {
        this.#counts.near++
        return kept.value
      }
      const flight = process.flights.get(key)
      if (flight !== undefined && (member.holds(this.#now) || this.#omit === 'fencedjoin')) {
        const value = yield* this.#join(flight)
        if (value !== undefined) return value
        continue
      }
      const opened: ModelFlight = { key, heard: [], done: false }
      process.flights.set(key, opened)
      const value = yield* this.#lead(process, key, opened)
      opened.done = true
      if (process.flights.get(key) === opened) process.flights.delete(key)
      if (value !== undefined) return value
      yield
    }
  }

  *#join(flight: ModelFlight): Steps<number | undefined> {
    const before = flight.heard.length
    while (!flight.done) yield
    const touched = flight.heard.slice(0, before).some(heard => typeof heard === 'string' || heard.key === flight.key)
    if (flight.value === undefined || (touched && this.#omit !== 'joincheck')) return undefined
    this.#counts.joined++
    return flight.value
  }

  /** @returns what was found or loaded, and `undefined` if it is worth looking again */
  *#lead(process: Process, key: Key, flight: ModelFlight): Steps<number | undefined> {
    const [member, shard] = [this.#memberOf(process, key), SHARD_OF[key]]
    yield
    // Out of reach: who does not want to wait loads for himself.
    if (!this.#reaches(process)) return this.#chance(0.3) ? yield* this.#load(process, key) : undefined
    if ((member.holds(this.#now) || this.#omit === 'plainfence') && this.#chance(0.5)) {
      const lying = this.#at(shard).find(key, this.#chance(0.2))
      yield
      if (lying !== undefined && member.judged(key, lying, this.#now)) {
        member.keep(key, lying)
        this.#counts.plain++
        flight.value = lying.value
        return lying.value
      }
      if (!this.#reaches(process)) return undefined
    }
    const admitRead = member.fetch(key)
    const { epoch, position, entry, token, intended } = this.#at(shard).read(key, this.#now, member.since)
    yield
    const known = epoch === member.epoch
    if (!known && this.#omit !== 'epoch') member.doubt()
    if (entry !== undefined) {
      admitRead({ value: entry.value, position }, epoch)
      this.#counts.far++
      flight.value = entry.value
      return entry.value
    }
    if (intended) return yield* this.#load(process, key)
    if (token === undefined) return undefined
    const heard = known && this.#omit !== 'heard' ? Math.min(position, member.position) : position
    const value = yield* this.#load(process, key)
    while (!this.#reaches(process)) yield
    const admitFilled = member.fetch(key)
    const filling = this.#at(shard)
    const kept = filling.fill(key, { value, position: heard }, epoch, token)
    const at = { value, position: filling.position }
    yield
    if (kept) admitFilled(at, filling.epoch)
    else this.#counts.refused++
    flight.value = value
    return value
  }

  *#load(process: Process, key: Key): Steps<number> {
    this.#counts.loads++
    const value = key === 'near' || key === 'far' ? yield* this.#read(process, 'part') : this.#version
    yield
    if (this.#chance(0.5)) yield* this.#pause(30)
    return value
  }

  /** Begins under a key of the first shard, and finds out that it belongs under one of the second. */
  *#readMoved(process: Process): Steps<number> {
    while (!this.#reaches(process)) yield
    const found = this.#at(1).read('moved', this.#now, 0)
    yield
    if (found.entry !== undefined) return found.entry.value
    const { position } = this.#at(0).read('moved', this.#now, 0)
    const value = yield* this.#load(process, 'moved')
    // With the rule it is kept by nobody: no more can be said of a load that began in another journal.
    if (this.#omit === 'journal' && found.token !== undefined && this.#reaches(process))
      this.#at(1).fill('moved', { value, position }, found.epoch, found.token)
    return value
  }

  /** Listens to the journal, and renews the lease. */
  *#follow(process: Process, shard: number): Steps {
    const member = process.members[shard]
    while (member !== undefined) {
      yield
      if (!this.#reaches(process)) continue
      member.listen(this.#at(shard).epoch, this.#at(shard).log)
      const { doubts } = member
      const sent = this.#now
      yield
      if (!this.#reaches(process)) continue
      const granted = this.#at(shard).renew(process.id, this.#now + LEASE + MARGIN)
      yield
      member.renewed(granted)
      if (doubts === member.doubts || this.#omit === 'epoch') member.leasedUntil = sent + LEASE
    }
  }

  *#keepWriting(process: Process): Steps {
    for (let times = 4; times > 0; times--) {
      yield* this.#pause(20)
      if (this.#dying) yield* this.#writeAnnounced(process)
      else yield* this.#write(process)
    }
  }

  *#write(process: Process): Steps {
    const version = ++this.#version
    yield
    if (this.#chance(0.3)) {
      yield* this.#purge(process, SHARD_OF.part, { key: 'part' }, 0)
      this.#resolved.key = Math.max(this.#resolved.key, version)
    } else {
      yield* this.#purgeAll(process, 0)
      this.#resolved.tag = Math.max(this.#resolved.tag, version)
    }
  }

  *#writeAnnounced(process: Process): Steps {
    const intent = this.#random()
    // COMMIT is sent only while the intent stands.
    for (let declaredAt = -Infinity; declaredAt + INTENT <= this.#now && this.#omit !== 'intent';) {
      declaredAt = this.#now
      for (const shard of this.#shuffledShards()) {
        while (!this.#reaches(process)) yield
        this.#at(shard).purge('t', intent, Math.max(declaredAt, this.#now) + INTENT)
        yield
      }
      if (this.#omit === 'intentcheck') break
    }
    const version = ++this.#version
    if (this.#chance(0.3)) {
      this.#counts.crashes++
      this.#orphans.push({ version, due: this.#now + INTENT + LEASE + MARGIN + 1 })
      return
    }
    yield
    yield* this.#purgeAll(process, intent)
    this.#resolved.tag = Math.max(this.#resolved.tag, version)
  }

  /** In every shard; and once more, for what one of them kept meanwhile may be made of what another had yet to purge. */
  *#purgeAll(process: Process, intent: number): Steps {
    for (let times = this.#alone || this.#omit === 'twice' ? 1 : 2; times > 0; times--)
      for (const shard of this.#shuffledShards()) yield* this.#purge(process, shard, 't', intent)
  }

  *#purge(process: Process, shard: number, purged: Purged, intent: number): Steps {
    for (;;) {
      while (!this.#reaches(process)) yield
      const { epoch, position, born, members } = this.#at(shard).purge(purged, intent)
      yield
      while (this.#now <= born + LEASE + MARGIN && this.#omit !== 'grace') yield
      for (const [id, until] of this.#omit === 'acks' ? [] : members) {
        const member = this.#processes[id]?.members[shard]
        while (this.#now <= until && !(member?.epoch === epoch && member.position >= position)) yield
      }
      // It may be that this process has yet to hear of the life of the store that it found, or that this is over.
      const own = process.members[shard]
      while (own?.epoch !== epoch && own?.epoch !== this.#at(shard).epoch) yield
      if (own?.epoch === epoch || this.#omit === 'epoch') return
    }
  }

  *#pause(most: number): Steps {
    for (let steps = this.#below(most); steps > 0; steps--) yield
  }

  #reaches({ cutUntil }: Process): boolean {
    return cutUntil <= this.#now
  }

  #memberOf({ members }: Process, key: Key): ModelMember {
    return members[SHARD_OF[key]] as ModelMember
  }

  #at(shard: number): ModelShard {
    return this.#shards[shard] as ModelShard
  }

  #shuffledShards(): readonly number[] {
    if (this.#alone) return [0]
    return this.#chance(0.5) ? [0, 1] : [1, 0]
  }

  #chance(share: number): boolean {
    return this.#random() < share
  }

  #below(end: number): number {
    return Math.floor(this.#random() * end)
  }
}
