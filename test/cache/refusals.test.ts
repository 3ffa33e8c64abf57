import { expect } from 'chai'
import {
  ConfigError,
  createCache,
  KeyError,
  memoryStore,
  type Cache,
  type CacheOptions,
  type PolicyOptions,
  type Target,
} from 'smart-cache'

describe('createCache()', () => {
  const rows: readonly (readonly [unknown, typeof ConfigError | typeof KeyError, string])[] = [
    [{ stor: memoryStore() }, ConfigError, 'createCache() has no option `stor`. Did you mean `store`?'],
    [null, ConfigError, 'Expected the options of createCache() to be an object, got null'],
    [{ store: 'memory' }, ConfigError, 'Expected `store` to be a store such as memoryStore(), got "memory"'],
    [{ store: {} }, ConfigError, 'Expected `store` to be a store such as memoryStore(), got an object'],
    [{ store: null }, ConfigError, 'Expected `store` to be a store such as memoryStore(), got null'],
    [{ store: memoryStore }, ConfigError, 'got a function (memoryStore)'],
    [{ clock: Date }, ConfigError, 'Expected `clock` to be a clock with now() and monotonic(), got a function (Date)'],
    [{ clock: { now: () => 1 } }, ConfigError, 'Expected `clock` to be a clock'],
    [{ namespace: '' }, KeyError, 'Expected a namespace to be letters, digits'],
    [{ namespace: 'a/b' }, KeyError, 'got "a/b"'],
    [{ namespace: 7 }, KeyError, 'got 7'],
  ]
  for (const [options, kind, message] of rows) {
    it(`refuses with: ${message}`, () => {
      expect(() => createCache(options as CacheOptions)).to.throw(kind, message)
    })
  }

  for (const method of ['peek', 'read', 'fill', 'put', 'add', 'touch', 'count', 'release', 'purge', 'watch', 'close']) {
    it(`refuses a store without ${method}()`, () => {
      const store = Object.assign(Object.create(memoryStore()) as object, { [method]: undefined })
      expect(() => createCache({ store } as unknown as CacheOptions)).to.throw(ConfigError)
    })
  }
})

describe('A policy', () => {
  const rows: readonly (readonly [unknown, typeof ConfigError | typeof KeyError, string])[] = [
    [{ tll: '1m' }, ConfigError, 'has no option `tll`. Did you mean `ttl`?'],
    [{ ttl: '5min' }, ConfigError, 'Expected `ttl` to be a duration'],
    [{ ttl: null }, ConfigError, 'Expected `ttl` to be a duration'],
    [{ grace: -1 }, ConfigError, 'Expected `grace` to be a duration'],
    [{ staleIfError: '' }, ConfigError, 'Expected `staleIfError` to be a duration'],
    [{ jitter: 1.1 }, ConfigError, 'Expected `jitter` to be a share from 0 to 1, got 1.1'],
    [{ jitter: -0.1 }, ConfigError, 'Expected `jitter` to be a share'],
    [{ jitter: NaN }, ConfigError, 'Expected `jitter` to be a share'],
    [{ jitter: '10%' }, ConfigError, 'Expected `jitter` to be a share'],
    [{ lock: 'no' }, ConfigError, 'Expected `lock` to be true or false, got "no"'],
    [{ tags: 'posts' }, ConfigError, 'Expected `tags` to be an array of strings, got "posts"'],
    [{ tags: new Set(['posts']) }, ConfigError, 'Expected `tags` to be an array of strings, got an instance of Set'],
    [{ tags: ['posts', ''] }, KeyError, 'Expected a tag to be a string that is not empty, got ""'],
    [{ tags: [7] }, KeyError, 'got 7'],
    [{ tags: ['~url /'] }, KeyError, 'A tag cannot begin with "~"'],
    ['1m', ConfigError, 'to be an object, got "1m"'],
  ]
  for (const [options, kind, message] of rows) {
    it(`is refused before anything is loaded or kept, with: ${message}`, async () => {
      const cache = createCache()
      const policy = options as PolicyOptions
      await rejected(() => cache.getOrSet('k', () => expect.fail('loaded'), policy), kind, message)
      await rejected(() => cache.set('k', 'v', policy), kind, message)
      expect(await cache.get('k')).to.equal(undefined)
    })
  }
})

describe('A key', () => {
  const calls: Readonly<Record<string, (cache: Cache, key: string) => Promise<unknown>>> = {
    get: (cache, key) => cache.get(key),
    set: (cache, key) => cache.set(key, 'v'),
    getOrSet: (cache, key) => cache.getOrSet(key, () => expect.fail('loaded')),
    delete: (cache, key) => cache.delete(key),
    invalidate: (cache, key) => cache.invalidate({ key }),
  }
  for (const [name, call] of Object.entries(calls)) {
    for (const key of ['', '~a', undefined, null, 7, {}] as string[]) {
      it(`of ${name} cannot be ${JSON.stringify(key) ?? 'undefined'}`, async () => {
        await rejected(() => call(createCache(), key), KeyError, 'key')
      })
    }
  }
})

describe('A target', () => {
  const forms = '{ key }, { keys }, { prefix }, { pattern }, { url }, { table }, { fragment } or { label, args }'
  const rows: readonly (readonly [unknown, typeof ConfigError | typeof KeyError, string])[] = [
    [{ tag: 'posts' }, ConfigError, `Expected a tag, an array of tags, or one of ${forms} to invalidate, got { tag }`],
    [{}, ConfigError, 'got {  }'],
    [{ key: 'a', prefix: 'b' }, ConfigError, 'got { key, prefix }'],
    [undefined, ConfigError, 'got undefined'],
    [7, ConfigError, 'got 7'],
    [{ keys: 'a' }, ConfigError, 'Expected `keys` to be an array of strings, got "a"'],
    [{ keys: ['a', ''] }, KeyError, 'Expected a key'],
    ['', KeyError, 'Expected a tag'],
    [['posts', 7], KeyError, 'Expected a tag'],
    [{ prefix: '' }, KeyError, 'Expected a prefix to be a string that is not empty'],
    [{ pattern: '' }, KeyError, 'Expected a pattern'],
    [{ prefix: '~' }, KeyError, 'A prefix cannot begin with "~"'],
    [{ pattern: '~*' }, KeyError, 'A pattern cannot begin with "~"'],
    [{ url: 'posts' }, KeyError, 'Expected a URL'],
  ]
  for (const [target, kind, message] of rows) {
    it(`is refused, and nothing purged, with: ${message}`, async () => {
      const cache = createCache()
      await cache.set('posts', 'v', { tags: ['posts'] })
      await rejected(() => cache.invalidate(target as Target), kind, message)
      expect(await cache.get('posts')).to.equal('v')
    })
  }

  it('is refused options that are unknown or of the wrong kind', async () => {
    const cache = createCache()
    await rejected(
      () => cache.invalidate('posts', { sofft: true } as object),
      ConfigError,
      'invalidate() has no option `sofft`. Did you mean `soft`?',
    )
    await rejected(
      () => cache.invalidate('posts', { soft: 'yes' } as object),
      ConfigError,
      'Expected `soft` to be true or false, got "yes"',
    )
    await rejected(() => cache.invalidate('posts', { wait: 0 } as object), ConfigError, 'Expected `wait` to be true or false, got 0')
  })
})

async function rejected(call: () => Promise<unknown>, kind: typeof ConfigError | typeof KeyError, message: string): Promise<void> {
  const [outcome] = await Promise.allSettled([call()])
  expect(outcome).to.have.property('reason').that.is.instanceOf(kind)
  expect(outcome).to.have.nested.property('reason.message').that.includes(message)
}
