import { redisOrSkip } from './redis.js'

// Suites for a mocha of their own, on a machine without Redis.
for (const title of ['one suite', 'another suite']) {
  describe(title, () => {
    before(async function () {
      await redisOrSkip(this)
    })

    it('needs a server', () => undefined)
  })
}
