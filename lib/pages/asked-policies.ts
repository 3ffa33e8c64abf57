import type { IncomingMessage } from 'node:http'
import type { Engine } from '../cache/engine.js'
import { pathOf } from '../keys/url.js'
import { uponClose } from '../responses/upon-close.js'
import type { Exchange, OriginOf } from './exchange.js'
import type { PagePolicy } from './page-policy.js'
import type { Shadows } from './shadows.js'

/** The pages of a policy, as far as it takes to tell what they would make of a request. */
export interface PolicyPages {
  readonly engine: Engine
  readonly prefix: string
  readonly page: PagePolicy<never>
  readonly shadows: Pick<Shadows<never>, 'reportOn'> | undefined
}

/** A policy that has been asked about a path. */
export interface AskedPolicy {
  readonly pages: PolicyPages
  /** How many policies further out have been asked. */
  readonly level: number
  readonly originOf: OriginOf
  /** Scheme and host of the last request for the path. */
  readonly origin: string
}

/** For how many paths it is remembered; beyond it those asked for longest ago are forgotten. */
const MAX_PATHS = 1_000

const ofRequests = new WeakMap<object, { readonly pages: PolicyPages; readonly exchange: Exchange<never> }[]>()
const ofPaths = new WeakMap<Engine, Map<string, AskedPolicy[]>>()

/** How many policies have been asked about a request, and had no answer at hand. */
export function levelOf(request: IncomingMessage): number {
  return ofRequests.get(request)?.length ?? 0
}

/** Notes that a policy was asked about a request, and had no answer at hand. */
export function noteAsked<Visit>(pages: PolicyPages, exchange: Exchange<Visit>): void {
  const { request, response, url, origin, originOf } = exchange
  const asked = ofRequests.get(request) ?? []
  if (asked.length === 0) {
    ofRequests.set(request, asked)
    uponClose(response, () => ofRequests.delete(request))
  }
  const level = asked.push({ pages, exchange: exchange as Exchange<never> }) - 1
  const paths = ofPaths.get(pages.engine) ?? new Map<string, AskedPolicy[]>()
  ofPaths.set(pages.engine, paths)
  const path = pathOf(url)
  const known = paths.get(path) ?? []
  paths.delete(path)
  paths.set(path, known)
  const place = known.findIndex(other => other.pages === pages && other.level === level)
  known.splice(place === -1 ? known.length : place, 1, { pages, level, originOf, origin })
  if (paths.size <= MAX_PATHS) return
  const [oldest = ''] = paths.keys()
  paths.delete(oldest)
}

/** The policies that have been asked about this very request. */
export function askedAbout(request: object): readonly { readonly pages: PolicyPages; readonly exchange: Exchange<never> }[] {
  return ofRequests.get(request) ?? []
}

/** The policies of an engine that have been asked about this path, the outermost first. */
export function askedAboutPath(engine: Engine, path: string): readonly AskedPolicy[] {
  return (ofPaths.get(engine)?.get(path) ?? []).toSorted((a, b) => a.level - b.level)
}
