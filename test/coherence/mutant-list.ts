import type { Rule } from './rules.js'

/** One place of the compiled code. */
export interface Patch {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** A rule of the protocol left out. */
export interface Mutant {
  readonly rule: Rule
  /** Which part of it, where it is kept at several places. */
  readonly part?: string
  /** The test file that is about it, in test/. */
  readonly own: string
  /** Each has to fit exactly once. */
  readonly patches: readonly Patch[]
}

/** @throws if the text is not what the patch was made for */
export function patched(text: string, { file, from, to }: Patch): string {
  const places = text.split(from).length - 1
  if (places !== 1) throw new Error(`Expected ${JSON.stringify(from)} once in ${file}, found it ${places} times`)
  return text.replace(from, () => to)
}

const SCRIPTS = 'adapters/redis/scripts.js'
const CHANGES = 'adapters/redis/change-scripts.js'
const SHARED = 'adapters/redis/shared-lua.js'
const SHARD = 'lib/stores/shard.js'
const HEARING = 'lib/stores/hearing.js'
const MEMBERSHIP = 'lib/stores/membership.js'
const TIERED = 'lib/stores/tiered-store.js'

function mutant(
  rule: Rule,
  part: string | undefined,
  own: string,
  ...patches: readonly [file: string, from: string, to: string][]
): Mutant {
  const named = part === undefined ? { rule } : { rule, part }
  return { ...named, own: own.includes('/') ? own : `redis/rules/${own}`, patches: patches.map(([file, from, to]) => ({ file, from, to })) }
}

export const MUTANTS: readonly Mutant[] = [
  mutant('valid', 'unknown tags', 'missingstamp', [
    SCRIPTS,
    'if not hard or hard > at then valid = false',
    'if not hard then\n      elseif hard > at then valid = false',
  ]),
  mutant('valid', 'tags', 'forgotten', [SCRIPTS, 'if not hard or hard > at then valid = false', 'if not hard then valid = false']),
  mutant('valid', 'everything', 'leases', [SCRIPTS, 'if not (at >= floor) then valid = false end', '']),
  mutant('valid', 'bans', 'leases', [SCRIPTS, 'if ended then valid = false', 'if false then valid = false']),
  mutant('valid', 'bans that were evicted', 'forgotten', [
    SHARED,
    "if #all ~= tonumber(redis.call('HGET', P .. 'meta', 'bans')) then return true, nil end",
    '',
  ]),
  mutant('fillcheck', 'tags', 'fillcheck', [SCRIPTS, 'if hard > at or intended(tag) then', 'if intended(tag) then']),
  mutant('fillcheck', 'bans', 'fillcheck', [SCRIPTS, 'if not good or bans(key, at, last) then', 'if not good then']),
  mutant('fillcheck', 'everything', 'fillcheck', [SCRIPTS, 'or at < floor then return false end', 'then return false end']),
  mutant('fillcheck', 'the lease', 'fillcheck', [SCRIPTS, "if redis.call('GET', P .. 'l:' .. key) ~=", 'if false and']),
  mutant('heard', undefined, 'composed', [SHARD, 'known ? Math.min(position, this.membership.position) : position', 'position']),
  mutant('heard', 'of another epoch', 'composed', [SHARD, 'this.membership.doubt();', ';']),
  mutant('twice', undefined, 'composed', [TIERED, 'if (shared.length > 0)', 'if (false)']),
  mutant('journal', undefined, 'move', ['lib/cache/engine.js', '|| journal !== lead.journal', '']),
  mutant('missingstamp', undefined, 'missingstamp', [
    SCRIPTS,
    '(not purged or purged[tag]) and (hard or position) or at',
    '(not purged or purged[tag]) and hard or at',
  ]),
  mutant('missingstamp', 'the journal', 'fillcheck', [SHARED, "if purge.k == 'tag' then tags[purge.n] = true end", '']),
  mutant('gaps', 'where it begins', 'missingstamp', [SHARED, '  end\n  return false\nend', '  end\n  return tags\nend']),
  mutant('gaps', 'in between', 'missingstamp', [SHARED, ' or first + #purges ~= upTo + 1', '']),
  mutant('acks', undefined, 'acks', [MEMBERSHIP, 'if (left.length === 0)', 'if (true)']),
  mutant('acks', 'members that were evicted', 'grace', [
    SHARED,
    "if redis.call('ZSCORE', P .. 'm', epoch) then return born end",
    'if true then return born end',
  ]),
  mutant('fence', undefined, 'fence', [MEMBERSHIP, 'performance.now() < this.#leasedUntil', 'this.#leasedUntil > 0']),
  mutant('fence', 'from when it was sent', 'fence', [MEMBERSHIP, 'sent + this.#times.leaseMs', 'performance.now() + this.#times.leaseMs']),
  mutant(
    'catchup',
    undefined,
    'catchup',
    [MEMBERSHIP, 'if (records !== undefined && epoch === this.#epoch)', 'if (false)'],
    [MEMBERSHIP, 'if (epoch !== this.#epoch || this.#position < position)', 'if (epoch !== this.#epoch)'],
  ),
  mutant('catchup', 'of a gap', 'catchup', [
    MEMBERSHIP,
    'if (epoch !== this.#epoch || this.#position < position)',
    'if (epoch !== this.#epoch)',
  ]),
  mutant('l1stamps', 'tags and bans', 'l1stamps', [
    SHARD,
    'this.#shelf?.put(entry)',
    'this.#shelf?.put({ ...entry, position: this.membership.position })',
  ]),
  mutant('l1stamps', 'keys', 'l1stamps', [SHARD, '!fetch.touched && ', '']),
  mutant('near', 'tags', 'acks', ['lib/journal/journal.js', '(this.#marks.get(tag)?.hard ?? 0) > entry.position', 'false']),
  mutant('near', 'bans', 'acks', ['lib/journal/journal.js', 'return this.#bans.some(', 'return false && this.#bans.some(']),
  mutant('near', 'keys', 'acks', ['lib/stores/shelf.js', 'this.#entries.delete(name)', '0']),
  mutant('plain', 'tags and bans', 'plain', [HEARING, 'journal.ended(entry) || ', '']),
  mutant('plainkeys', undefined, 'plain', [HEARING, ' || this.#keys.ended(ofKey)', '']),
  mutant('plainkeys', 'softly', 'plain', [HEARING, ', this.#keys.outdatedAt(ofKey)', '']),
  mutant(
    'plainsince',
    undefined,
    'plain',
    [SHARD, 'found.entry.position >= this.#hearing.since', 'true'],
    ['lib/journal/journal.js', 'if (entry.position < this.#floor)', 'if (false)'],
  ),
  mutant('plainsince', 'what was found good', 'plain', [SCRIPTS, "'p', number(position), 's', number(stale))", "'p', number(position))"]),
  mutant('plainepoch', undefined, 'plain', [SHARD, 'found.epoch === this.membership.epoch', 'true']),
  mutant(
    'plainfence',
    undefined,
    'plain',
    [SHARD, 'const likely = this.membership.holds && ', 'const likely = '],
    [SHARD, 'if (!this.membership.holds)', 'if (false)'],
  ),
  mutant('plainfence', 'until it is judged', 'plain', [SHARD, 'if (!this.membership.holds)', 'if (false)']),
  mutant('joincheck', undefined, 'joincheck', [
    'lib/flight/flight.js',
    '.some(purge => touches(purge, landing.cargo))',
    '.some(() => false)',
  ]),
  mutant('joincheck', 'in one process', 'races/found-tags', [
    'lib/flight/flight.js',
    '.some(purge => touches(purge, landing.cargo))',
    '.some(() => false)',
  ]),
  mutant('fencedjoin', undefined, 'fencedjoin', [SHARD, 'this.membership.holds && !this.#contested', '!this.#contested']),
  mutant('fencedjoin', 'of what began before', 'fencedjoin', [SHARD, "this.#heard({ kind: 'prefix', name: '', soft: false, at: 0 })", '']),
  mutant('epoch', 'fills', 'epoch', [SCRIPTS, '-- [epoch] [fillcheck]\n  if epoch ~=', 'if false and epoch ~=']),
  mutant('epoch', 'entries', 'epoch', [SCRIPTS, 'if found[1] == epoch and found[5]', 'if found[5]']),
  mutant('epoch', 'of a server that came back', 'server', [SHARED, 'if meta[1] and meta[6] == server then', 'if meta[1] then']),
  mutant('epoch', 'near entries', 'epoch', [MEMBERSHIP, 'if (epoch !== this.#epoch || ', 'if (this.#epoch === undefined || ']),
  mutant(
    'epoch',
    'late answers',
    'epoch',
    [SHARD, '!fetch.touched && epoch === this.membership.epoch', '!fetch.touched'],
    [SHARD, 'for (const key of this.#fetches.keys())', 'for (const key of [])'],
  ),
  mutant('epoch', 'acknowledgements', 'epoch', [MEMBERSHIP, 'acknowledged.epoch === epoch && ', '']),
  mutant('epoch', 'late renewals', 'epoch', [MEMBERSHIP, 'if (doubts !== this.#doubts)', 'if (false)']),
  mutant('epoch', 'purges', 'epoch', [
    SHARD,
    'if (this.membership.epoch === undefined || this.membership.epoch === purged.epoch)',
    'if (true)',
  ]),
  mutant('grace', undefined, 'grace', [MEMBERSHIP, 'if (graceMs > 0)', 'if (false)']),
  mutant('leases', 'of purged keys', 'leases', [SCRIPTS, "redis.call('DEL', P .. 'l:' .. purge.n)", '']),
  mutant('leases', 'of put keys', 'leases', [CHANGES, "redis.call('DEL', P .. 'l:' .. key)", '']),
  mutant('intent', undefined, 'intents', [TIERED, 'shard.far.purge(due, { id: intent.id, standsMs: INTENT_MS })', 'undefined']),
  mutant('intentfills', 'tags', 'intents', [SCRIPTS, 'if hard > at or intended(tag) then', 'if hard > at then']),
  mutant('intentfills', 'all others', 'intents', [SCRIPTS, "local good = not intended('')", 'local good = true']),
  mutant('intentfills', 'that have run out', 'intents', [SCRIPTS, "number(begun), '+inf'", "number(time()), '+inf'"]),
  mutant('intentfills', 'joins', 'intents', [SHARD, ' && !this.#contested.has(key)', '']),
  mutant('intentcheck', undefined, 'intents', [TIERED, 'performance.now() < this.#until', 'true']),
  mutant('intentcheck', 'with a margin', 'intents', [TIERED, 'INTENT_MS / CLOCK_MARGIN', 'INTENT_MS * CLOCK_MARGIN']),
  mutant('intentcheck', 'withdrawal', 'intents', [TIERED, '{ id: intent.id, standsMs: 0 }', 'undefined']),
]
