import { AsyncResource } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Cache, PolicyOptions } from 'smart-cache'
import { heldLoad } from './held-load.js'

/** A way in which a loader may come to depend on something that is tagged `t`. */
export interface InnerRead {
  readonly title: string
  /** Done before the outer load begins. */
  readonly before?: (cache: Cache) => Promise<unknown>
  /** Done inside the outer load. */
  readonly inside: (cache: Cache) => Promise<unknown>
}

class City {
  readonly name = 'Bern'
}

const TAGGED: PolicyOptions = { ttl: '1m', tags: ['t'] }

/** Reads of something that is tagged `t` and fresh for a minute. */
export const INNER_READS: readonly InnerRead[] = [
  { title: 'a getOrSet that loads', inside: cache => cache.getOrSet('inner', () => 'v', TAGGED) },
  {
    title: 'a getOrSet that hits',
    before: cache => cache.set('inner', 'v', TAGGED),
    inside: cache => cache.getOrSet('inner', () => 'v', TAGGED),
  },
  { title: 'a get that hits', before: cache => cache.set('inner', 'v', TAGGED), inside: cache => cache.get('inner') },
  {
    title: 'a getOrSet that waits for another’s load',
    async inside(cache) {
      const load = heldLoad()
      const leader = outside(() => cache.getOrSet('inner', load.loader, TAGGED))
      const follower = cache.getOrSet('inner', load.loader, TAGGED)
      load.answer.open('v')
      await leader
      return follower
    },
  },
  {
    title: 'a read that is itself made of such a read, three loads deep',
    inside: cache => cache.getOrSet('1', () => cache.getOrSet('2', () => cache.getOrSet('3', () => 'v', TAGGED))),
  },
  {
    title: 'a read after awaits and timers',
    async inside(cache) {
      await setImmediate()
      await Promise.resolve()
      return cache.getOrSet('inner', () => setImmediate('v'), TAGGED)
    },
  },
  {
    title: 'one of several reads at once',
    inside: cache =>
      Promise.all([
        cache.getOrSet('a', () => setImmediate('v'), { tags: ['other'] }),
        cache.getOrSet('b', () => setImmediate('v'), TAGGED),
        cache.getOrSet('c', () => 'v'),
      ]),
  },
  {
    title: 'a read of what cannot be kept',
    inside: async cache => (await cache.getOrSet('inner', () => new City(), TAGGED)).name,
  },
  {
    title: 'a read that waited in vain for what cannot be kept',
    async inside(cache) {
      const load = heldLoad<City>()
      const leader = outside(() => cache.getOrSet('inner', load.loader, TAGGED))
      const follower = cache.getOrSet('inner', () => new City(), TAGGED)
      load.answer.open(new City())
      await leader
      return (await follower).name
    },
  },
]

/** Reads that fail, and are caught: what is made of a failure depends on what the failure came from. */
export const FAILING_READS: readonly InnerRead[] = [
  { title: 'a read that fails', inside: cache => caught(cache.getOrSet('inner', failing, TAGGED)) },
  {
    title: 'a read that fails on the way from a tagged part',
    inside: cache =>
      caught(
        cache.getOrSet('inner', async () => {
          await cache.getOrSet('part', () => 'v', TAGGED)
          return failing()
        }),
      ),
  },
  {
    title: 'a read that waited for a load that fails',
    async inside(cache) {
      const load = heldLoad()
      const leader = outside(() => caught(cache.getOrSet('inner', load.loader, TAGGED)))
      const follower = caught(cache.getOrSet('inner', load.loader, TAGGED))
      load.answer.fail(new Error('none'))
      await leader
      return follower
    },
  },
  {
    title: 'a read that waited in vain for what cannot be kept, and then fails',
    async inside(cache) {
      const load = heldLoad<City>()
      const leader = outside(() => cache.getOrSet('inner', load.loader, TAGGED))
      const follower = caught(cache.getOrSet('inner', failing, TAGGED))
      load.answer.open(new City())
      await leader
      return follower
    },
  },
]

const nobody = new AsyncResource('nobody')

/** Does the work as if nothing else were in progress. */
function outside<T>(work: () => T): T {
  return nobody.runInAsyncScope(work)
}

async function failing(): Promise<never> {
  throw new Error('none')
}

async function caught(read: Promise<unknown>): Promise<string> {
  try {
    await read
    return 'found'
  } catch {
    return 'none'
  }
}
