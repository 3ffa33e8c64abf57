import { startOwnRedis } from '../../test/servers/redis.js'
import { Child } from '../measure/child.js'
import type { Contender, Turn } from '../measure/contest.js'

let starting: Promise<string> | undefined

/** The url of a Redis that is there for the bench alone, and ends with it. @throws {ServerUnavailable} */
export function redisUrl(): Promise<string> {
  starting ??= startOwnRedis().then(({ url }) => url)
  return starting
}

/** A contender in a process of its own, which is told what it is, then the rest, then where Redis is. */
export function onRedis(name: string, worker: string, ...args: readonly string[]): Contender {
  return {
    name,
    start: async () => {
      const child = new Child<Turn>(new URL(worker, import.meta.url), [...args, await redisUrl()])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}
