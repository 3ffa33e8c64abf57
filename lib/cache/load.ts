import type { Entry } from '../entries/entry.js'
import { handedOut, type Keepable } from '../entries/keepable.js'
import { LoadTimeoutError } from '../errors.js'
import { splitName } from '../keys/names.js'
import { Scope } from '../scope/scope.js'
import { patiently } from '../time/patience.js'
import { ask } from './ask.js'
import { claim } from './claim.js'
import type { Engine } from './engine.js'
import type { Policy } from './policy.js'
import { leadAhead, wantsRefresh } from './refresh-ahead.js'
import { fits, policyFor, type Schema, type ValuePolicy } from './value-policy.js'
import type { Lead } from './visit.js'

/** Brings what is to be kept. One that is not followed is handed the scope of its load, to say there what it knows. */
type Loader = (scope?: Scope) => unknown

/**
 * What is kept under the key (a full name), or else what `loader` brings, kept. One loads, however many ask.
 * @param waits called before waiting for the load of another
 * @throws what the loader throws
 */
export async function load(engine: Engine, key: string, loader: Loader, given: ValuePolicy, waits?: () => void): Promise<unknown> {
  const { policy, schema, accepts } = given
  for (;;) {
    const visit = await ask(engine, { key, tags: policy.tags, name: policy.name, lock: policy.lock, waits, accepts })
    switch (visit.state) {
      case 'fresh':
      case 'collapsed':
      case 'stale': {
        const { entry } = visit
        // What has just been loaded is an answer, though it is not kept.
        if (schema !== undefined && entry.staleAt > entry.createdAt && !(await knownToFit(entry, given, schema))) {
          if (visit.state === 'stale' && visit.lead !== undefined) await engine.abandon(visit.lead, 'schema')
          await purgedOnce(engine, entry)
          continue
        }
        if (visit.state === 'stale' && visit.lead !== undefined) void refresh(engine, visit.lead, loader, given)
        if (visit.state === 'fresh') refreshAhead(engine, entry, loader, given)
        return valueOf(entry)
      }
      case 'miss': {
        const { lead, spare } = visit
        return fly(engine, lead, loader, given, spare !== undefined && accepts?.(spare, false) !== false ? spare : undefined)
      }
      case 'failed':
        throw visit.error
      case 'alone':
        return loadAlone(engine, key, loader, given)
    }
  }
}

/**
 * Loads anew, whatever there is. Once it has resolved, nobody is served what was there before.
 * @throws what the loader throws; {StoreError}
 */
export async function reload(engine: Engine, key: string, loader: Loader, given: ValuePolicy): Promise<unknown> {
  const lead = await claim(engine, key, given.policy.tags)
  return lead === undefined ? loadAlone(engine, key, loader, given) : fly(engine, lead, loader, given, undefined)
}

/**
 * Saves a value, and keeps it. Of two that save under one key at once no process keeps the one that is not the last.
 * @throws what `save` throws, and then nothing is kept; {CodecError} before it is called; {StoreError}
 */
export async function saveThrough<T>(engine: Engine, key: string, value: unknown, save: () => T, given: ValuePolicy): Promise<Awaited<T>> {
  const content = given.contentOf(value)
  const policy = await policyFor(given, value)
  const lead = await claim(engine, key, policy.tags)
  if (lead === undefined) return await save()
  try {
    const saved = await save()
    await engine.keep(lead, content, policy)
    return saved
  } catch (error) {
    // It may have been saved all the same; those who wait load.
    await engine.abandon(lead, 'error')
    throw error
  }
}

/** Refreshes a fresh entry that is served, behind the caller's back, if it is near its end and chance will have it. */
export function refreshAhead(engine: Engine, entry: Entry, loader: Loader, given: ValuePolicy): void {
  if (wantsRefresh(engine, entry, given.policy)) {
    void leadAhead(engine, entry, given.policy.tags).then(lead => lead && refresh(engine, lead, loader, given))
  }
}

/** What a reader is handed of an entry: what is kept itself, if nobody can change that, or a copy of his own. */
export function valueOf(entry: Entry): unknown {
  return entry.shareable ? entry.value : handedOut(entry.value)
}

/** Loads while the caller waits: for no longer than `softTimeout`, if there is a spare. */
async function fly(engine: Engine, lead: Lead, loader: Loader, given: ValuePolicy, spare: Entry | undefined): Promise<unknown> {
  const { softTimeoutMs } = given.policy
  const landing = land(engine, lead, loader, given, spare, true)
  if (spare === undefined || softTimeoutMs === Infinity) return landing
  const first = await patiently(
    landing.then(value => ({ value })),
    softTimeoutMs,
    undefined,
    true,
  )
  if (first !== undefined) return first.value
  lead.because = 'refresh'
  // So are all others who wait for it, or come while it goes on.
  lead.flight.offer(spare)
  engine.announce.stale(spare, 'timeout')
  engine.scopes.current?.include(spare)
  return valueOf(spare)
}

/** @param attended whether somebody waits, for whom the process has to stay alive */
async function land(
  engine: Engine,
  lead: Lead,
  loader: Loader,
  given: ValuePolicy,
  spare: Entry | undefined,
  attended: boolean,
): Promise<unknown> {
  let value: unknown
  try {
    value = await inTime(begun(engine, lead.scope, loader, given), lead.flight.key, given.policy, attended)
  } catch (error) {
    await engine.fail(lead, error, spare)
    if (spare === undefined) throw error
    engine.servedInstead(spare, error)
    return valueOf(spare)
  }
  const made = await madeReady(engine, lead, value, given)
  return made === undefined ? value : valueOf(await engine.keep(lead, made.content, made.policy))
}

async function refresh(engine: Engine, lead: Lead, loader: Loader, given: ValuePolicy): Promise<void> {
  try {
    await land(engine, lead, loader, given, undefined, false)
  } catch (error) {
    engine.announce.error('refresh', lead.flight.key, error)
  }
}

async function loadAlone(engine: Engine, key: string, loader: Loader, given: ValuePolicy): Promise<unknown> {
  const scope = new Scope(given.policy.tags)
  try {
    return await inTime(begun(engine, scope, loader, given), key, given.policy, true)
  } finally {
    engine.inheritUnkept(scope, given.policy)
    engine.scopes.close(scope)
  }
}

/** What the loader throws at once fails as what it rejects with. */
function begun({ scopes }: Engine, scope: Scope, loader: Loader, { follows }: ValuePolicy): Promise<unknown> {
  return follows ? scopes.run(scope, async () => loader()) : (async () => loader(scope))()
}

/** @throws {LoadTimeoutError} where it takes longer than `loadTimeout` */
async function inTime(loading: Promise<unknown>, key: string, { loadTimeoutMs }: Policy, attended: boolean): Promise<unknown> {
  if (loadTimeoutMs === Infinity) return loading
  const first = await patiently(
    loading.then(value => ({ value })),
    loadTimeoutMs,
    undefined,
    attended,
  )
  if (first !== undefined) return first.value
  throw new LoadTimeoutError(`The load of ${splitName(key).name} took longer than ${loadTimeoutMs} ms`)
}

interface MadeReady {
  readonly content: Keepable
  readonly policy: Policy
}

/** The value made ready to be kept; of one that cannot be, an announcement, and the lead ends without a share for anybody. */
async function madeReady(engine: Engine, lead: Lead, value: unknown, given: ValuePolicy): Promise<MadeReady | undefined> {
  try {
    return { content: given.contentOf(value), policy: await policyFor(given, value) }
  } catch (error) {
    engine.announce.error('keep', lead.flight.key, error)
    engine.inheritUnkept(lead.scope, given.policy)
    await engine.unshare(lead, 'unkeepable')
    return undefined
  }
}

/** Entries are looked at once by each policy. */
const known = new WeakMap<ValuePolicy, WeakMap<Entry, Promise<boolean>>>()

function knownToFit(entry: Entry, given: ValuePolicy, schema: Schema): Promise<boolean> {
  const verdicts = known.get(given) ?? new WeakMap<Entry, Promise<boolean>>()
  known.set(given, verdicts)
  const verdict = verdicts.get(entry) ?? fits(schema, entry.value)
  verdicts.set(entry, verdict)
  return verdict
}

const purges = new WeakMap<Entry, Promise<void>>()

/** A second purge would undo what was loaded after the first. */
function purgedOnce(engine: Engine, entry: Entry): Promise<void> {
  const purge = purges.get(entry) ?? engine.end(entry.key)
  purges.set(entry, purge)
  return purge
}
