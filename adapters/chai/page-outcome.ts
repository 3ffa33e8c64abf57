/** What became of a request, as its response says. */
export type PageOutcome = 'hit' | 'stale' | 'miss' | 'bypass'

/** What smart-cache says in the `Cache-Status` (RFC 9211) of a response; the last, if it does so twice. */
export function statusIn(response: unknown): string | undefined {
  const { headers } = Object(response) as { readonly headers?: unknown }
  const { get } = Object(headers) as { readonly get?: unknown }
  const field: unknown =
    typeof get === 'function'
      ? Reflect.apply(get, headers, ['cache-status'])
      : (Object(headers) as Readonly<Record<string, unknown>>)['cache-status']
  return [field]
    .flat()
    .filter(text => typeof text === 'string')
    .flatMap(text => text.split(/\s*,\s*(?=(?:[^"]*"[^"]*")*[^"]*$)/))
    .findLast(member => /^smart-cache\s*(?:;|$)/.test(member))
}

/** @param status one member of a `Cache-Status` */
export function outcomeOf(status: string): PageOutcome | undefined {
  const parameters = new Map(
    status.split(/\s*;\s*/).map(part => {
      const [name, value] = part.split('=', 2)
      return [name, value]
    }),
  )
  if (parameters.has('hit')) return Number(parameters.get('ttl') ?? 0) < 0 ? 'stale' : 'hit'
  switch (parameters.get('fwd')) {
    case undefined:
      return undefined
    case 'bypass':
    case 'method':
      return 'bypass'
    default:
      return 'miss'
  }
}
