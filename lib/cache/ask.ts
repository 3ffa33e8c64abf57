import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import { Scope } from '../scope/scope.js'
import type { Flight } from '../flight/flight.js'
import type { Reading } from '../stores/store.js'
import type { Engine } from './engine.js'
import { refuseRecursion } from './recursion.js'
import { accept, type Accepts, type Lead, type Visit } from './visit.js'

/** What somebody asks for who will load it if need be. */
export interface Asking {
  readonly key: string
  /** Those that are known beforehand. */
  readonly tags: readonly string[]
  /** Under what it is counted, if that is known. */
  readonly name?: string | undefined
  /**
   * Whether to wait where another process loads.
   * @default true
   */
  readonly lock?: boolean | undefined
  /** Called before waiting for the load of another. */
  readonly waits?: (() => void) | undefined
  /**
   * What it turns down is as good as nothing to this caller, and stays where it is.
   * @default whatever is servable will do
   */
  readonly accepts?: Accepts | undefined
}

/**
 * Asks for a key, with the intention to load it if need be. Where nobody else loads it, a store that answers at once is an answer at once.
 * @throws {CacheError} `ERR_CACHE_RECURSION` if the load of the key asks for the key itself: it would wait for ever
 */
export function ask(engine: Engine, asking: Asking): Visit | Promise<Visit> {
  if (engine.closed) return alone(engine, asking, 'closed')
  return flightOf(engine, asking) === undefined ? look(engine, asking) : share(engine, asking)
}

/** Who does not know of every purge cannot tell whether the work in flight is older than one [fencedjoin]. */
function flightOf({ store, flights }: Engine, { key }: Asking): Flight<Entry> | undefined {
  return store.upToDate?.(key) === false ? undefined : flights.find(key)
}

/** Waits for the load of another, as long as there is one. */
async function share(engine: Engine, asking: Asking): Promise<Visit> {
  const { scopes, clock, announce } = engine
  const { key, accepts = accept } = asking
  for (;;) {
    if (engine.closed) return alone(engine, asking, 'closed')
    const flight = flightOf(engine, asking)
    if (flight === undefined) return look(engine, asking)
    refuseRecursion(scopes, flight)
    const stale = staleAtHand(engine, asking)
    if (stale !== undefined) return { state: 'stale', entry: stale, lead: undefined }
    asking.waits?.()
    const waitedFrom = clock.monotonic()
    const landing = await flight.join()
    const collapsed = (failed: boolean) => announce.collapsed(key, flight.name, clock.monotonic() - waitedFrom, failed)
    if (landing.state === 'loaded') {
      if (!accepts(landing.cargo, true)) continue
      scopes.current?.include(landing.cargo)
      collapsed(false)
      return { state: 'collapsed', entry: landing.cargo }
    }
    if (landing.state === 'failed') {
      scopes.current?.include({ tags: [...flight.tags], staleAt: Infinity })
      collapsed(true)
      return landing
    }
    if (landing.state === 'unshared') return alone(engine, asking, landing.reason)
  }
}

/** Looks into the store under a flight of our own, so that those who come meanwhile share the look. */
function look(engine: Engine, asking: Asking): Visit | Promise<Visit> {
  const { flights, scopes, clock } = engine
  const { key, tags, name } = asking
  const scope = new Scope(tags, scopes.current)
  const flight = flights.open(key, scope.tags, name)
  const begun: Look = { scope, flight, askedAt: clock.monotonic() }
  const reading = readToLoad(engine, asking)
  return reading instanceof Promise ? reading.then(read => seen(engine, asking, begun, read)) : seen(engine, asking, begun, reading)
}

/** A look into the store. */
interface Look {
  readonly scope: Scope
  readonly flight: Flight<Entry>
  readonly askedAt: number
}

/** What is to be done about what a look has brought. */
function seen(engine: Engine, asking: Asking, { scope, flight, askedAt }: Look, reading: Reading | undefined): Visit {
  const { flights, clock, announce } = engine
  const { key, name, accepts = accept } = asking
  if (reading === undefined) {
    flights.land(flight, { state: 'unshared', reason: 'store' })
    return alone(engine, asking, 'store')
  }
  const { entry, position, journal, lease } = reading
  if (entry !== undefined) entry.name ??= name
  const verdict = entry === undefined ? 'gone' : judge(entry, clock.now())
  const welcome = entry !== undefined && accepts(entry, false)
  if (welcome && verdict === 'fresh') {
    flights.land(flight, { state: 'loaded', cargo: entry })
    engine.serve(entry, askedAt)
    return { state: 'fresh', entry }
  }
  const lead = (under: Lead['flight'], because: Lead['because']): Lead | undefined =>
    lease === undefined
      ? undefined
      : { flight: under, position, journal, lease, scope, begunAt: clock.monotonic(), supersedes: false, because }
  if (welcome && verdict === 'stale') {
    flights.land(flight, { state: 'loaded', cargo: entry })
    serveStale(engine, entry)
    return { state: 'stale', entry, lead: lease === undefined ? undefined : lead(flights.open(key, scope.tags, name), 'refresh') }
  }
  const miss = lead(flight, entry === undefined ? 'absent' : 'expired')
  if (miss === undefined) {
    flights.land(flight, { state: 'unshared', reason: 'lease' })
    return alone(engine, asking, 'lease')
  }
  announce.miss(key, entry, name, true)
  return { state: 'miss', lead: miss, spare: verdict === 'gone' ? undefined : entry }
}

/** Waits for another's load, where there is one and nothing else will do. */
function readToLoad(engine: Engine, asking: Asking): Reading | undefined | Promise<Reading | undefined> {
  const reading = engine.door.readToLoad(asking.key)
  const answered = reading === undefined || reading instanceof Promise ? undefined : reading
  return answered !== undefined && (answered.lease !== undefined || isServable(engine, answered.entry, asking.accepts))
    ? answered
    : readOn(engine, asking, reading)
}

/** The same, once it has turned out that one look at once is not enough. */
async function readOn(
  engine: Engine,
  { key, lock, waits, accepts }: Asking,
  first: Reading | undefined | Promise<Reading | undefined>,
): Promise<Reading | undefined> {
  const { door } = engine
  for (let reading = await first; ; reading = await door.readToLoad(key)) {
    const { entry } = reading ?? {}
    if (isServable(engine, entry, accepts)) return reading
    // It is fresh, so there is no lease with it; but it will not do.
    if (reading?.lease === undefined && isServable(engine, entry)) reading = await door.readToLoad(key, Infinity)
    if (reading?.busy === undefined || lock === false) return reading
    waits?.()
    await reading.busy
  }
}

function isServable({ clock }: Engine, entry: Entry | undefined, accepts = accept): boolean {
  const verdict = entry === undefined ? 'gone' : judge(entry, clock.now())
  return entry !== undefined && (verdict === 'fresh' || verdict === 'stale') && accepts(entry, false)
}

function staleAtHand(engine: Engine, { key, name, accepts = accept }: Asking): Entry | undefined {
  const entry = engine.store.peek(key)
  if (entry === undefined || judge(entry, engine.clock.now()) !== 'stale' || !accepts(entry, false)) return undefined
  entry.name ??= name
  serveStale(engine, entry)
  return entry
}

function serveStale({ scopes, announce }: Engine, entry: Entry): void {
  scopes.current?.include(entry)
  announce.stale(entry, 'grace')
}

function alone({ announce }: Engine, { key, name }: Asking, reason: string): Visit {
  announce.bypass(key, reason, name)
  return { state: 'alone', reason }
}
