import { leadAlone } from '../cache/lead-alone.js'
import type { Entry } from '../entries/entry.js'
import { judge } from '../entries/judge.js'
import type { Exchange } from './exchange.js'
import { isRule, isShadow } from '../responses/kept-page.js'
import type { PageKeeper } from './page-keeper.js'
import { variantKey, type PageKey } from './page-key.js'
import { ShadowRecording } from './shadow-recording.js'
import { ShadowReports } from './shadow-reports.js'
import { CONDITIONS } from './whole-request.js'
import { willDo, type Wishes } from './wishes.js'

/** The pages of a policy that only shadows: handlers always answer, and what would have been served is compared with that. */
export class Shadows<Visit> {
  readonly #pages: PageKeeper<Visit>
  readonly #reports: ShadowReports

  constructor(pages: PageKeeper<Visit>) {
    this.#pages = pages
    this.#reports = new ShadowReports(pages.engine)
  }

  /** What has been reported of a kept page. */
  reportOn(entry: Entry): ReturnType<ShadowReports['of']> {
    return this.#reports.of(entry)
  }

  /** Looks for what would be served; nothing comes of it but the comparison. */
  async record(
    exchange: Exchange<Visit>,
    asked: PageKey,
    tags: readonly string[],
    wishes: Wishes | undefined,
  ): Promise<ShadowRecording<Visit>> {
    const { engine } = this.#pages
    for (let where = asked; ;) {
      const alone = await leadAlone(engine, variantKey(where, exchange.request.headers), tags, exchange.route)
      const { entry } = alone
      if (entry !== undefined && isRule(entry.value) && where.found.length === 0 && alone.lead === undefined) {
        where = { ...where, found: entry.value.names }
        continue
      }
      if (alone.lead === undefined) engine.announce.bypass(variantKey(where, exchange.request.headers), 'shadow', exchange.route)
      const served = entry !== undefined && judge(entry, engine.clock.now()) === 'fresh' && willDo(entry, wishes)
      const shadowed = served && isShadow(entry.value) ? { entry, page: entry.value } : undefined
      return new ShadowRecording(this.#pages, this.#reports, exchange, where, alone, shadowed)
    }
  }
}

/** Is less than the whole page asked for, so that the answer cannot be compared with it? */
export function asksForLess({ request: { method, headers } }: Pick<Exchange<never>, 'request'>): boolean {
  return method === 'HEAD' || CONDITIONS.some(name => headers[name] !== undefined)
}
