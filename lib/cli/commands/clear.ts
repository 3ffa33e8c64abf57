import type { Command } from '../command.js'
import { EXIT, UsageError } from '../failures.js'

export const clearCommand: Command = {
  name: 'clear',
  usage: '--entries | --events | --all',
  summary: 'empties the cache, or the analytics, or both',
  options: { all: { type: 'boolean' }, entries: { type: 'boolean' }, events: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } },
  help: {
    entries: 'everything that the cache keeps, in its namespace',
    events: 'everything that the analytics have written down',
    all: 'both',
    yes: 'do not ask',
  },
  examples: ['smart-cache clear --events --yes'],
  async run({ terminal, session, values }) {
    const entries = values['entries'] === true || values['all'] === true
    const events = values['events'] === true || values['all'] === true
    if (!entries && !events) throw new UsageError('Say what to clear: --entries, --events or --all')
    // Before it is asked for: what cannot be done needs no agreement.
    const cache = entries ? await session.cache() : undefined
    const stats = events ? await session.analytics() : undefined
    const what = [entries ? 'everything that is kept' : '', events ? 'all that was counted' : ''].filter(text => text !== '').join(', and ')
    const agreed = values['yes'] === true || (await terminal.agrees(`This deletes ${what}. Go on?`))
    if (agreed !== true) {
      terminal.warn(agreed === false ? 'Nothing was deleted.' : 'Nothing was deleted: there is nobody to ask. Say --yes.')
      return EXIT.declined
    }
    await cache?.clear()
    await stats?.clear()
    terminal.print(`Deleted: ${what}.`)
    return EXIT.done
  },
}
