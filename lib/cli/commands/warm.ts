import { askPage, checkedUrl, partsOf } from '../asking-pages.js'
import type { Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'
import { count } from '../figures-shown.js'
import { numberOf } from '../values.js'

export const warmCommand: Command = {
  name: 'warm',
  usage: '[URL…]',
  summary: 'asks for pages, so that they are kept before the visitors come',
  takes: Infinity,
  options: { concurrency: { type: 'string' } },
  help: { concurrency: 'how many at once (4)' },
  examples: ['smart-cache warm https://shop.example/ https://shop.example/offers'],
  async run(call) {
    const { terminal, session, positionals } = call
    const { urls = [], warm } = session.config
    const concurrency = numberOf(call, 'concurrency', 4, 1)
    const all = (positionals.length > 0 ? positionals : urls).map(checkedUrl)
    if (all.length === 0 && warm === undefined)
      throw new UsageError('Say which URLs, here or as `urls` in smart-cache.config.js, or give it a `warm`')
    if (positionals.length === 0 && warm !== undefined) await warm(await session.cache())
    const outcomes = { kept: 0, 'kept before': 0, 'not kept': 0, failed: 0 }
    const left = [...all]
    const stopped = call.stopped()
    let done = 0
    const work = async () => {
      for (let url = left.shift(); url !== undefined && !stopped.aborted; url = left.shift()) {
        try {
          const { status, cacheStatus } = await askPage(url, stopped)
          const parts = partsOf(cacheStatus)
          const outcome = status >= 500 ? 'failed' : parts.has('hit') ? 'kept before' : parts.has('stored') ? 'kept' : 'not kept'
          outcomes[outcome]++
          if (outcome === 'failed') terminal.warn(`${url}: status ${status}`)
        } catch (error) {
          if (stopped.aborted) return
          outcomes.failed++
          terminal.warn(error instanceof Error ? error.message : String(error))
        }
        terminal.progress('Warming', ++done, all.length)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, work))
    terminal.endProgress()
    const said = Object.entries(outcomes).filter(([, times]) => times > 0)
    const sum = said.map(([outcome, times]) => `${count(times)} ${outcome}`).join(', ')
    if (stopped.aborted) {
      terminal.warn(`Stopped after ${done} of ${all.length}${sum === '' ? '' : `: ${sum}`}`)
      return EXIT.stopped
    }
    terminal.print(sum === '' ? 'Warm.' : sum)
    return outcomes.failed > 0 ? EXIT.failed : EXIT.done
  },
}
