import { expect } from 'chai'
import { createCache, type Target } from 'smart-cache'
import { storeWith } from '../stores/store-with.js'

const KEYS = ['user:7', 'user:7:profile', 'user:8:profile', 'group:7', 'user']

describe('invalidate', () => {
  const rows: readonly (readonly [Target, readonly string[]])[] = [
    ['tag of user:7', ['user:7']],
    [
      ['tag of user:7', 'tag of user'],
      ['user:7', 'user'],
    ],
    ['all', KEYS],
    ['user:7', []],
    [[], []],
    [{ key: 'user:7' }, ['user:7']],
    [{ key: 'tag of user:7' }, []],
    [{ keys: ['user:7', 'group:7', 'absent'] }, ['user:7', 'group:7']],
    [{ keys: [] }, []],
    [{ prefix: 'user:' }, ['user:7', 'user:7:profile', 'user:8:profile']],
    [{ prefix: 'user' }, ['user:7', 'user:7:profile', 'user:8:profile', 'user']],
    [{ pattern: 'user:*:profile' }, ['user:7:profile', 'user:8:profile']],
    [{ pattern: '*:7' }, ['user:7', 'group:7']],
    [{ pattern: '*' }, KEYS],
    [{ url: '/user:7' }, []],
  ]
  for (const [target, gone] of rows) {
    it(`${JSON.stringify(target)} ends ${gone.length === 0 ? 'nothing' : gone.join(' and ')}`, async () => {
      const cache = createCache()
      for (const key of KEYS) await cache.set(key, 'v', { tags: ['all', `tag of ${key}`] })
      await cache.invalidate(target)
      const left = []
      for (const key of KEYS) if ((await cache.get(key)) === 'v') left.push(key)
      expect(left).to.deep.equal(KEYS.filter(key => !gone.includes(key)))
    })
  }

  for (const options of [undefined, {}, { wait: true }, { wait: false }]) {
    const wait = options?.wait ?? true
    it(`with ${JSON.stringify(options) ?? 'no options'} ${wait ? 'waits' : 'does not wait'} for other processes`, async () => {
      const asked: unknown[] = []
      const cache = createCache({ store: storeWith(() => ({ purge: (_purges, how) => void asked.push(how) })) })
      await cache.invalidate('t', options)
      expect(asked).to.deep.equal([{ wait }])
    })
  }

  it('passes what is kept afterwards', async () => {
    const cache = createCache()
    await cache.invalidate(['t', 'u'])
    await cache.set('k', 'v', { tags: ['t'] })
    expect(await cache.get('k')).to.equal('v')
  })
})
