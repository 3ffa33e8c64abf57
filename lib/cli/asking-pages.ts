import { UsageError } from './failures.js'

/** What a site said of one of its pages. */
export interface Asked {
  readonly url: string
  readonly status: number
  /** `Cache-Status`, without the name of the cache; empty if there is none. */
  readonly cacheStatus: string
  readonly age: number | undefined
  readonly ms: number
}

const PATIENCE_MS = 30_000

/** @throws {UsageError} for what is no URL of a site */
export function checkedUrl(text: string): string {
  try {
    const url = new URL(text)
    if (url.protocol === 'http:' || url.protocol === 'https:') return url.href
  } catch {
    // Said below.
  }
  throw new UsageError(`Expected a URL that begins with http:// or https://, got ${JSON.stringify(text)}`)
}

/** Asks a site for a page, as a visitor would, unless that is stopped. */
export async function askPage(url: string, stopped?: AbortSignal): Promise<Asked> {
  const begun = performance.now()
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(stopped === undefined ? [] : [stopped])])
  const response = await fetch(url, { redirect: 'manual', signal }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`${url} does not answer: ${cause instanceof Error ? cause.message || cause.name : String(cause)}`, { cause: error })
  })
  await response.arrayBuffer()
  const own = (response.headers.get('cache-status') ?? '')
    .split(/,(?=\s*[a-z-]+\s*(?:;|$))/i)
    .find(part => part.trim().startsWith('smart-cache'))
  const age = response.headers.get('age')
  return {
    url,
    status: response.status,
    cacheStatus: (own ?? '').trim().replace(/^smart-cache;?\s*/, ''),
    age: age === null ? undefined : Number(age),
    ms: performance.now() - begun,
  }
}

/** Of `hit; ttl=899` the parts by their names. */
export function partsOf(cacheStatus: string): ReadonlyMap<string, string> {
  return new Map(
    cacheStatus.split(';').map(part => {
      const [name = '', value = ''] = part.trim().split('=', 2)
      return [name, value] as const
    }),
  )
}
