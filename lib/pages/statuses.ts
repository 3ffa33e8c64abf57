import { resolvePolicy, type Policy, type PolicyOptions } from '../cache/policy.js'
import { ConfigError, shown } from '../errors.js'
import { milliseconds, type Duration } from '../time/duration.js'

const KEPT_STATUSES: readonly number[] = [200, 203, 204, 300, 301, 308]

/** The statuses that are kept, each with its policy. @throws {ConfigError} */
export function resolveStatuses(given: unknown, policy: Policy, ofAll: PolicyOptions, door: string): ReadonlyMap<number, Policy> {
  if (given === undefined || Array.isArray(given)) {
    return new Map((given ?? KEPT_STATUSES).map((status: unknown) => [checkedStatus(status), policy]))
  }
  if (typeof given !== 'object' || given === null) {
    throw new ConfigError(`Expected \`statuses\` to be an array of statuses, or an object of status and ttl, got ${shown(given)}`)
  }
  return new Map(
    Object.entries(given).map(([status, ttl]) => {
      milliseconds(ttl, `statuses.${status}`)
      return [checkedStatus(Number(status)), { ...policy, schedule: resolvePolicy({ ...ofAll, ttl: ttl as Duration }, door).schedule }]
    }),
  )
}

/** 206 and 304 are answers to one visitor's question, and no page (RFC 9110, 15.3.7 and 15.4.5). */
function checkedStatus(status: unknown): number {
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599 && status !== 206 && status !== 304)
    return status
  throw new ConfigError(`Expected \`statuses\` to hold statuses from 200 to 599 other than 206 and 304, got ${shown(status)}`)
}
