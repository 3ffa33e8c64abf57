/** Refusals by which the route itself says that the page it had is no more. */
export const WITHDRAWN: ReadonlySet<string> = new Set(['status', 'never', 'no-store', 'private', 'no-cache', 'max-age'])

/** Does a status say nothing of the page: not now, not so fast? */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}
