import type { Contest, Heat } from '../measure/contest.js'
import { onRedis } from './redis.js'

export const farContest: Contest = {
  title: 'Redis: a hit of getOrSet, 1 KiB',
  unit: 'call',
  warmAfter: 20_000,
  heats: [
    farHeat('From Redis, one after the other', 1),
    farHeat('From Redis, 32 keys at once', 32),
    {
      title: 'From memory',
      contenders: [nearHit('smart-cache, memory store', 'memory'), nearHit('smart-cache, near tier', 'near')],
    },
  ],
}

export const purgeContest: Contest = {
  title: 'Redis: one purge of a tag among 100,000 entries',
  unit: 'purge',
  warmAfter: 20,
  // It takes a while until all the entries are there.
  roundsOfAProcess: Infinity,
  heats: ['smart-cache', 'bentocache', 'cacheable', 'SCAN and DEL'].map(purgeHeat),
}

function farHeat(title: string, atOnce: number): Heat {
  const reader = (name: string, how: string) => onRedis(name, 'read-worker.js', how, String(atOnce))
  return {
    title,
    contenders: [
      reader('ioredis, getBuffer()', 'getBuffer'),
      reader('ioredis, a script that gets', 'script'),
      reader('smart-cache', 'smart-cache'),
      reader('smart-cache, one tag', 'smart-cache, tag'),
      reader('bentocache', 'bentocache'),
    ],
  }
}

function nearHit(name: string, how: string) {
  return onRedis(name, 'read-worker.js', how, '1')
}

/** Each with a database of its own, for SCAN goes over all there is. */
function purgeHeat(who: string, place: number): Heat {
  const purger = (count: number, database: number) => {
    return onRedis(`that ${count.toLocaleString('en')} have`, 'purge-worker.js', who, String(count), String(database))
  }
  return { title: who, contenders: [purger(10, 2 * place), purger(100_000, 2 * place + 1)] }
}
