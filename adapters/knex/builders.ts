import type { PolicyOptions } from '../../lib/cache/policy.js'
import type { Builder, Client } from './knex-client.js'
import type { Tracked, Tracking } from './tracking.js'
import { checkedWish, type Wish } from '../../lib/queries/retention.js'

/** Where a query's wish is: among what a builder copies when it is cloned. */
const WISH = Symbol('smart-cache: what the query says of its own answer')

type BuilderClass = new (client: Client) => Builder

/** What the query says of its answer; `undefined` if nothing. */
export function wishOf(builder: Builder): Wish | undefined {
  const wishes = (builder._single ?? builder) as Readonly<Record<symbol, unknown>>
  return wishes[WISH] as Wish | undefined
}

/** Is it of a class made by `cacheable`? */
export function isCacheable(builder: Builder): boolean {
  return 'permanentCache' in builder
}

/** The builder's class, with methods to say a wish besides; the class itself stays as it is. */
export function cacheable(builder: Builder, tracking: Tracking): BuilderClass {
  const Base = builder.constructor as BuilderClass
  return class extends Base {
    cache(policy?: PolicyOptions): this {
      return wish(this, checkedWish('keep', policy, 'cache()'))
    }

    noCache(): this {
      return wish(this, { kind: 'never' })
    }

    permanentCache(policy?: PolicyOptions): this {
      return wish(this, checkedWish('permanent', policy, 'permanentCache()'))
    }

    trackedUpdate(values: Readonly<Record<string, unknown>>): Promise<readonly Tracked[]> {
      return tracking.run(this, values)
    }

    trackedDelete(): Promise<readonly Tracked[]> {
      return tracking.run(this)
    }
  }
}

function wish<B extends Builder>(builder: B, said: Wish): B {
  const wishes = (builder._single ?? builder) as Record<symbol, unknown>
  wishes[WISH] = said
  return builder
}
