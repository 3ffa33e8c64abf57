import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { World } from './world.js'

/** A suite over a real Redis. `open` gives each test a part of it of its own, over so many shards. */
export function onRedis(title: string, tests: (open: (shards?: number) => World) => void): void {
  describe(title, () => {
    let redis: TestServer
    const worlds: World[] = []

    before(async function () {
      redis = await redisOrSkip(this)
    })

    afterEach(() => Promise.all(worlds.splice(0).map(world => world.close())))

    after(() => redis?.stop())

    tests(shards => {
      const world = new World(redis.url, shards)
      worlds.push(world)
      return world
    })
  })
}

/** With a near tier in each process, and without. */
export const NEAR = [
  ['with near tiers', true],
  ['without near tiers', false],
] as const
