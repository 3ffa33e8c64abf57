import type { Entry } from '../entries/entry.js'
import type { Flight } from '../flight/flight.js'
import type { Scope } from '../scope/scope.js'
import type { FillLease } from '../stores/store.js'
import type { Cause } from './events.js'

/**
 * Will the entry do for who asks, as far as its age goes? `shared`: it comes from a load that was under way when they asked, and not from
 * where it lay.
 */
export type Accepts = (entry: Entry, shared: boolean) => boolean

/** Whatever is servable will do. */
export const accept: Accepts = () => true

/** What somebody who asked for a key is to do. */
export type Visit =
  /** Serve the entry. */
  | { readonly state: 'fresh'; readonly entry: Entry }
  /** Serve the entry; if there is a lead, refresh it behind the caller's back. */
  | { readonly state: 'stale'; readonly entry: Entry; readonly lead: Lead | undefined }
  /** Serve what another caller's load has just brought. */
  | { readonly state: 'collapsed'; readonly entry: Entry }
  /** Load, then end the lead by `keep`, `fail`, `unshare` or `abandon`. `spare` may be served should the load fail. */
  | { readonly state: 'miss'; readonly lead: Lead; readonly spare: Entry | undefined }
  /** Load, and keep nothing: nobody waits. */
  | { readonly state: 'alone'; readonly reason: string }
  /** The load that this caller waited for failed. */
  | { readonly state: 'failed'; readonly error: unknown }

/** The right and duty to load one key. It must be ended, whatever happens: others wait. */
export interface Lead {
  readonly flight: Flight<Entry>
  readonly position: number
  readonly journal: string | undefined
  readonly lease: FillLease
  /** Collects what the load depends on. */
  readonly scope: Scope
  /** Whether what was loaded is on its way to the store: nothing else becomes of it then. */
  keeping?: true
  /** When the load began, on the monotonic clock. */
  readonly begunAt: number
  /** What it brings takes the place of whatever there is, and if it cannot be kept, nothing does. */
  readonly supersedes: boolean
  /** Why there is a load; `refresh` from when on nobody waits for it. */
  because: Cause
}
