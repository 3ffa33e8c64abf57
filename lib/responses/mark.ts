import type { ServerResponse } from 'node:http'
import { statusOfBypass, timingOf } from '../http/cache-status.js'

/** Says on a response that the cache was not asked, and why. */
export function markBypass(response: ServerResponse, reason: string, timing: boolean): void {
  response.setHeader('Cache-Status', statusOfBypass(reason))
  if (timing) markTiming(response, timingOf('bypass'))
}

/** Says in `Server-Timing` what became of the request: beside what others measured, in the place of what was said before. */
export function markTiming(response: ServerResponse, timing: string): void {
  const others = [response.getHeader('server-timing') ?? []].flat().filter(text => !String(text).startsWith('cache;'))
  response.setHeader('Server-Timing', [...others.map(String), timing])
}
