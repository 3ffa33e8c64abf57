import type { Target } from '../../cache/targets.js'
import type { Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'

const FORMS = ['key', 'prefix', 'pattern', 'url', 'table'] as const

export const invalidateCommand: Command = {
  name: 'invalidate',
  usage: 'TAG… | --key KEY | --url URL | --pattern PATTERN',
  summary: 'purges, with the promise of cache.invalidate()',
  takes: Infinity,
  options: {
    key: { type: 'string' },
    prefix: { type: 'string' },
    pattern: { type: 'string' },
    url: { type: 'string' },
    table: { type: 'string' },
    soft: { type: 'boolean' },
    why: { type: 'string' },
  },
  help: {
    key: 'the entry under this key',
    prefix: 'every key that begins with this',
    pattern: "every key that matches: 'user:*:profile'",
    url: 'the page at this URL, in all its variants',
    table: 'what was read from this table',
    soft: 'make stale, so that a grace still serves it',
    why: "said in the events ('smart-cache invalidate')",
  },
  examples: ['smart-cache invalidate posts post:7', 'smart-cache invalidate --url /posts --soft'],
  async run({ terminal, session, positionals, values }) {
    const given: Target[] = FORMS.flatMap(form => {
      const value = values[form]
      return typeof value === 'string' ? [{ [form]: value } as unknown as Target] : []
    })
    if (positionals.length > 0) given.push(positionals)
    const [target] = given
    if (target === undefined || given.length > 1)
      throw new UsageError('Say what to purge: tags, or one of --key, --prefix, --pattern, --url, --table')
    const cache = await session.cache()
    const why = typeof values['why'] === 'string' ? values['why'] : 'smart-cache invalidate'
    await cache.invalidate(target, { soft: values['soft'] === true, why })
    terminal.print('Purged, in every process.')
    return EXIT.done
  },
}
