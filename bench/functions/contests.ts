import { ServerUnavailable } from '../../test/servers/server-unavailable.js'
import { onRedis, redisUrl } from '../far/redis.js'
import { Child } from '../measure/child.js'
import type { Contender, Contest, Heat, Turn } from '../measure/contest.js'
import type { Spread } from './ids.js'

/** A function kept by everybody, in memory and in Redis. Where there is no Redis that is left out, and `without` is told. */
export async function functionContests(without: (notice: string) => void): Promise<readonly Contest[]> {
  try {
    await redisUrl()
    return [...memoryContests, ...bothContests, ...redisContests]
  } catch (error) {
    if (!(error instanceof ServerUnavailable)) throw error
    without(`Without functions kept in Redis: ${error.message}`)
    return memoryContests
  }
}

/** For how many keys is asked, and how often for each. */
interface Spreading {
  readonly title: string
  readonly keys: number
  readonly spread: Spread
}

/** Who is asked, with how many tags, and what that is called. */
interface Asked {
  readonly who: string
  readonly tags: number
}

const BASELINE = 'by hand'
const PEERS = ['layered-loader', 'p-memoize', 'async-cache-dedupe', 'bentocache', 'cacheable', 'cache-manager']
const WITH_TAGS = ['async-cache-dedupe', 'bentocache', 'cacheable']

const memoryContests: readonly Contest[] = [
  nearContest('one hot key', 1, 'uniform'),
  nearContest('10,000 keys, all as often', 10_000, 'uniform'),
  nearContest('10,000 keys, after Zipf', 10_000, 'Zipf'),
]

const ASKED: readonly Spreading[] = [
  { title: 'One hot key', keys: 1, spread: 'uniform' },
  { title: '10,000 keys, after Zipf', keys: 10_000, spread: 'Zipf' },
]

const bothContests = ASKED.map(asked =>
  farContest({
    title: 'Functions, in memory and in Redis: a near hit',
    baseline: 'async function over lru-cache',
    place: 'both',
    peers: butFor(PEERS, ['p-memoize', 'async-cache-dedupe']),
    batch: 500,
    asked,
  }),
)

const redisContests = ASKED.map(asked =>
  farContest({
    title: 'Functions, in Redis alone: a hit',
    baseline: 'async function over ioredis, JSON',
    place: 'Redis',
    peers: butFor(PEERS, ['p-memoize']),
    batch: 50,
    asked,
  }),
)

interface Far {
  readonly title: string
  readonly baseline: string
  readonly place: 'both' | 'Redis'
  readonly peers: readonly string[]
  /** How many calls are made between two looks at the clock. */
  readonly batch: number
  readonly asked: Spreading
}

function farContest({ title, baseline, place, peers, batch, asked: { title: which, keys, spread } }: Far): Contest {
  const contender = ({ who, tags }: Asked): Contender => {
    const args = [place, who, String(tags), String(keys), spread, String(batch)]
    return onRedis(named({ who, tags }), '../functions/worker.js', ...args)
  }
  return {
    title,
    unit: 'call',
    warmAfter: 40 * batch,
    heats: [{ title: which, contenders: withBaseline(baseline, everybody(peers), contender) }],
  }
}

function nearContest(what: string, keys: number, spread: Spread): Contest {
  return {
    title: `Functions, in memory: ${what}`,
    unit: 'call',
    warmAfter: 50_000,
    heats: [
      {
        title: 'A hit of `await f(id)`',
        contenders: withBaseline('async function over lru-cache', everybody(PEERS), asked => nearContender(asked, keys, spread)),
      },
    ],
  }
}

function everybody(peers: readonly string[]): readonly Asked[] {
  const tagged = (who: string) => [1, 5].map(tags => ({ who, tags }))
  const others = peers.flatMap(who => [{ who, tags: 0 }, ...(WITH_TAGS.includes(who) ? tagged(who) : [])])
  return [{ who: 'smart-cache', tags: 0 }, ...tagged('smart-cache'), ...others]
}

function butFor(names: readonly string[], left: readonly string[]): readonly string[] {
  return names.filter(name => !left.includes(name))
}

function withBaseline(title: string, asked: readonly Asked[], contender: (asked: Asked) => Contender): Heat['contenders'] {
  return [{ ...contender({ who: BASELINE, tags: 0 }), name: title }, ...asked.map(contender)]
}

export function nearContender({ who, tags }: Asked, keys: number, spread: Spread): Contender {
  return {
    name: named({ who, tags }),
    start: async () => {
      const child = new Child<Turn>(new URL('worker.js', import.meta.url), ['memory', who, String(tags), String(keys), spread, '1000'])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}

function named({ who, tags }: Asked): string {
  return tags === 0 ? who : `${who}, ${tags} ${tags === 1 ? 'tag' : 'tags'}`
}
