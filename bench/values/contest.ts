import { Child } from '../measure/child.js'
import type { Contender, Contest, Heat, Turn } from '../measure/contest.js'

export const valuesContest: Contest = {
  title: 'Values: a hit of getOrSet, in memory',
  unit: 'call',
  warmAfter: 200_000,
  heats: [heat('One key', 1), heat('10,000 keys', 10_000)],
}

function heat(title: string, keys: number): Heat {
  const contender = (name: string, cache: string) => valueContender(name, cache, keys)
  return {
    title,
    contenders: [
      contender('async function over lru-cache', 'by hand'),
      contender('lru-cache, get() without promise', 'lru-cache'),
      contender('smart-cache', 'smart-cache'),
      contender('smart-cache, one tag', 'smart-cache, tag'),
      contender('bentocache', 'bentocache'),
      contender('bentocache, one tag', 'bentocache, tag'),
    ],
  }
}

function valueContender(name: string, cache: string, keys: number): Contender {
  return {
    name,
    start: async () => {
      const child = new Child<Turn>(new URL('worker.js', import.meta.url), [cache, String(keys)])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}
