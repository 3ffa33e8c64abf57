import assert from 'node:assert/strict'
import type { Entry } from '../../entries/entry.js'
import { keepable } from '../../entries/keepable.js'
import type { Purge } from '../../journal/purge.js'
import type { FillLease, Store } from '../../stores/store.js'

/** A sentence about stores, and the test of it. */
export interface Promised {
  readonly title: string
  readonly check: (store: Store) => Promise<void>
}

const HOUR = 3_600_000

/** When everything in the contract happens; near the system's time, for stores that let entries expire by themselves. */
export const NOW = Date.now()

/** An instant at which a sample entry is stale, and within its grace. */
export const STALE = NOW + HOUR + 1

/** An entry such as the engine makes, fresh for an hour. */
export function sampleEntry(key: string, parts: Partial<Entry> = {}): Entry {
  const { value, bytes, shareable } = keepable('value' in parts ? parts.value : `value of ${key}`)
  return {
    key,
    tags: [],
    createdAt: NOW,
    loadMs: 7,
    graceMs: HOUR,
    staleIfErrorMs: 2 * HOUR,
    bytes: bytes + 200,
    staleAt: NOW + HOUR,
    position: 0,
    hits: 0,
    attached: undefined,
    name: undefined,
    ...parts,
    value,
    shareable,
  }
}

export function purge(kind: Purge['kind'], name: string, more: Pick<Partial<Purge>, 'within' | 'soft' | 'at'> = {}): Purge {
  return { kind, name, soft: false, at: NOW, ...more }
}

/** What a caller holds who has read with the intention to fill. */
export interface Intent {
  readonly lease: FillLease
  readonly position: number
}

/** Reads a key that nothing fresh is under. */
export async function intendTo(store: Store, key: string): Promise<Intent> {
  const { lease, position } = await store.read(key, NOW, true)
  assert.notEqual(lease, undefined, `nobody holds ${JSON.stringify(key)}, so who reads it to fill it is given a lease`)
  return { lease: lease as FillLease, position }
}

/** Reads and fills. */
export async function kept(store: Store, key: string, parts: Partial<Entry> = {}): Promise<Entry> {
  const { lease, position } = await intendTo(store, key)
  const entry = sampleEntry(key, { position, ...parts })
  assert.equal(await store.fill({ ...entry }, lease), true, `an undisturbed fill of ${JSON.stringify(key)} is accepted`)
  return entry
}

export async function found(store: Store, key: string): Promise<Entry | undefined> {
  return (await store.read(key, NOW, false)).entry
}

/** Expects the store to return the entry, at once too if it can. */
export async function assertHolds(store: Store, entry: Entry, message: string): Promise<void> {
  assertSame(await found(store, entry.key), entry, message)
  const atHand = store.peek(entry.key)
  if (atHand !== undefined) assertSame(atHand, entry, `${message}; peek agrees with read`)
}

/** Expects neither way of looking to return anything. */
export async function assertLacks(store: Store, key: string, message: string): Promise<void> {
  assert.equal(store.peek(key), undefined, `${message}; so peek has nothing`)
  assert.equal(await found(store, key), undefined, message)
}

function assertSame(actual: Entry | undefined, expected: Entry, message: string): void {
  assert.notEqual(actual, undefined, message)
  assert.deepEqual(lasting(actual as Entry), lasting(expected), message)
}

/** What of an entry a store never changes. */
function lasting({ position: _position, staleAt: _staleAt, hits: _hits, attached: _attached, ...rest }: Entry): object {
  return rest
}
