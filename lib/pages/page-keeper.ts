import type { Engine } from '../cache/engine.js'
import type { Policy } from '../cache/policy.js'
import type { Lead } from '../cache/visit.js'
import type { Entry } from '../entries/entry.js'
import type { Answer } from '../responses/answer.js'
import type { Asked } from '../http/asked.js'
import type { Exchange } from './exchange.js'
import { isPage, type KeptPage, type ShadowPage } from '../responses/kept-page.js'
import type { PageKey } from './page-key.js'
import type { PagePolicy } from './page-policy.js'
import type { Teller } from '../responses/told.js'
import type { UnkeyedInputs } from './unkeyed-inputs.js'
import type { Unkept } from './unkept.js'
import type { WholeRequest } from './whole-request.js'

/** What the pages need of a recording. */
export interface Recorder {
  readonly lead: Lead
  refuse(reason: string): void
  moveTo(lead: Lead): void
}

/** What a recording needs of the pages that it records for. */
export interface PageKeeper<Visit> {
  readonly engine: Engine
  readonly prefix: string
  readonly page: PagePolicy<Visit>
  readonly timing: boolean
  readonly tell: Teller | undefined
  readonly unkept: Unkept
  keep(recorder: Pick<Recorder, 'lead'>, where: PageKey, page: KeptPage | ShadowPage, policy: Policy): void
  withdraw(key: string): void
  watchInputs(exchange: Exchange<Visit>): UnkeyedInputs<Visit> | undefined
  moveToVariant(recorder: Recorder, asked: WholeRequest, where: PageKey, vary: readonly string[]): Promise<void>
  answerInstead(spare: Entry, exchange: Exchange<Visit>, asked: Asked, error: unknown): Answer | undefined
  answerRevalidated(base: Base, page: KeptPage, staleAt: number, asked: Asked): Answer
  settle(work: Promise<unknown>): void
}

/** A kept page that its handler is asked about. */
export interface Base {
  readonly entry: Entry
  readonly page: KeptPage
}

/** What is kept of a page that is loaded anew. */
export interface Kept {
  /** What may be served should the handler fail. */
  readonly spare: Entry | undefined
  /** What the handler is asked about: whether it still holds. */
  readonly base: Base | undefined
  /** Why nothing of the load is to be kept, if that is known beforehand: those who wait take their turns. */
  readonly unkept?: string
}

/** What an entry that is no longer servable is still good for. */
export function keptOf(entry: Entry | undefined, now: number): Kept {
  const page = entry?.value
  if (entry === undefined || !isPage(page)) return { spare: undefined, base: undefined }
  // An error page is no better than the error.
  const better = page.status < 500 && now < entry.staleAt + page.staleIfErrorMs
  return { spare: better ? entry : undefined, base: page.revalidates ? { entry, page } : undefined }
}
