import type { CacheEvents } from '../cache/events.js'
import { debug, isDebugged } from '../debug.js'
import type { Cache } from './cache.js'

/** Queries tell of themselves, with the beginning of their SQL. */
const AREAS = { page: 'pages', value: 'values' } as const

type About = Pick<CacheEvents['miss'], 'kind' | 'name' | 'namespace'>

/** Writes a line to the terminal for each event of the areas that `DEBUG` names. Of keys and errors no more than their names. */
export function logWhereAsked(cache: Cache): void {
  const kinds = (['page', 'value'] as const).filter(kind => isDebugged(AREAS[kind]))
  if (kinds.length > 0) {
    const tell = (what: string, { kind, name, namespace }: About, more: string) => {
      if (!kinds.some(told => told === kind)) return
      debug(AREAS[kind as keyof typeof AREAS], `${what} ${namespace === '' ? '' : `${namespace}: `}${name} ${more}`.trimEnd())
    }
    cache.on('hits', event => tell('hit', event, `×${event.count}`))
    cache.on('miss', event => tell('miss', event, event.reason))
    cache.on('stale', event => tell('stale', event, event.reason))
    cache.on('collapsed', event => tell('collapsed', event, `${rounded(event.waitMs)} ms`))
    cache.on('bypass', event => tell('bypass', event, event.reason))
    cache.on('fill', event => tell('fill', event, `${rounded(event.loadMs)} ms, ${event.bytes} bytes`))
    cache.on('refuse', event => tell('refuse', event, event.reason))
    cache.on('fail', event => tell('fail', event, nameOf(event.error)))
    cache.on('evict', event => tell('evict', event, `${event.bytes} bytes`))
  }
  if (isDebugged('purges'))
    cache.on('purge', ({ kind, soft, why, ms }) =>
      debug('purges', `${soft ? 'soft ' : ''}${kind}, ${rounded(ms)} ms${why === undefined ? '' : `: ${why}`}`),
    )
  if (isDebugged('errors')) cache.on('error', ({ operation, error }) => debug('errors', `${operation} ${nameOf(error)}`))
}

function rounded(ms: number): number {
  return Math.round(10 * ms) / 10
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
