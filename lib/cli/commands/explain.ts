import type { Explanation } from '../../cache/explanation.js'
import { shapeOfPath } from '../../keys/shape.js'
import { askPage, checkedUrl, partsOf, type Asked } from '../asking-pages.js'
import type { Call, Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'
import { instant, time } from '../figures-shown.js'
import { wrapped } from '../table.js'
import { shownText } from '../terminal.js'

export const explainCommand: Command = {
  name: 'explain',
  usage: 'URL',
  summary: 'what becomes of a request for a page, and why',
  takes: 1,
  options: {},
  help: {},
  examples: ['smart-cache explain https://shop.example/offers?page=2'],
  async run(call) {
    const [given] = call.positionals
    if (given === undefined) throw new UsageError('Say which URL')
    const url = checkedUrl(given)
    const known = await explained(call, url)
    if (known !== undefined && known.policies.length > 0) showKnown(call, known)
    else showAsked(call, await askPage(url))
    return EXIT.done
  },
}

/** What the cache itself says, if the configuration has it and its pages with it. */
async function explained({ session }: Call, url: string): Promise<Explanation | undefined> {
  if (session.config.cache === undefined) return undefined
  const cache = await session.cache()
  return cache.explain(url).catch(() => undefined)
}

function showKnown({ terminal }: Call, { outcome, why, policies }: Explanation): void {
  terminal.print(terminal.style(outcome, 'bold'))
  terminal.print(wrapped(why, terminal.width, '  '))
  for (const { key, entry, found } of policies) {
    if (key !== undefined) terminal.print(`  key      ${shownText(key, terminal.width - 11)}`)
    if (found.length > 0) terminal.print(wrapped(`on ${found.join(', ')}`, terminal.width, ' '.repeat(11), '  varies   '))
    if (entry === undefined) continue
    terminal.print(`  kept     ${instant(entry.createdAt)}, fresh until ${instant(entry.staleAt)}`)
    terminal.print(`  tags     ${shownText(entry.tags.join(' '), terminal.width - 11)}`)
  }
}

function showAsked({ terminal }: Call, { url, status, cacheStatus, age, ms }: Asked): void {
  const parts = partsOf(cacheStatus)
  const outcome =
    cacheStatus === '' ? 'unknown' : parts.has('hit') ? (parts.get('detail')?.startsWith('stale') === true ? 'stale' : 'hit') : 'not a hit'
  terminal.print(`${terminal.style(outcome, 'bold')}  asked as a visitor would: status ${status} in ${time(ms)}`)
  terminal.print(wrapped(sentence(parts, cacheStatus), terminal.width, '  '))
  if (age !== undefined) terminal.print(`  It is ${time(1_000 * age)} old.`)
  terminal.print(terminal.style(`  path     ${shapeOfPath(new URL(url).pathname)}`, 'dim'))
  terminal.print(
    terminal.style(`  said     Cache-Status: ${shownText(cacheStatus === '' ? '(nothing)' : cacheStatus, terminal.width - 25)}`, 'dim'),
  )
}

const GATES: Readonly<Record<string, string>> = {
  'no-policy': 'no policy says that pages are kept here: add cachePage() to the route',
  authorization: 'it came with Authorization, and the route does not say how such pages differ',
  unless: 'the `unless` of its policy says so',
  'set-cookie': 'its response sets a cookie',
  private: 'its response says `Cache-Control: private`',
  'no-store': 'its response says `Cache-Control: no-store`',
  'no-cache': 'its response says `Cache-Control: no-cache`',
  vary: 'its response says `Vary: *`',
  status: 'of its status, which is not one that is kept',
  'max-body': 'it is larger than `maxBody`',
  never: 'its handler said so',
  method: 'only GET and HEAD are looked for',
}

function sentence(parts: ReadonlyMap<string, string>, cacheStatus: string): string {
  if (cacheStatus === '')
    return 'The answer has no `Cache-Status` of smart-cache: is smartCache() installed there, and before everything else that answers?'
  const detail = parts.get('detail') ?? ''
  if (parts.has('hit')) return `It is kept${parts.has('ttl') ? `, and fresh for another ${time(1_000 * Number(parts.get('ttl')))}` : ''}.`
  if (parts.has('stored')) return 'Nothing servable was kept. Its handler ran, and now it is kept.'
  if (parts.has('collapsed')) return 'It was answered with what another visitor’s handler had just brought.'
  const because = GATES[detail] ?? GATES[parts.get('fwd') ?? ''] ?? (detail === '' ? 'nobody says why' : detail)
  return `Its handler ran, and what it said is not kept: ${because}.`
}
