import { inspect, isDeepStrictEqual } from 'node:util'
import { expect } from 'chai'
import fc from 'fast-check'
import { ConfigError, createCache, KeyError } from 'smart-cache'
import { runs, SEED } from '../property.js'
import { copied, LOOKALIKES, nearby, randomCalls } from './random-calls.js'

class User {
  readonly id = 7
}

const cache = createCache()
const f = cache.cached(async (...args: unknown[]) => args.length, { name: 'f' })

describe('The key of a call', () => {
  it('is another for any other call, and the same for an equal one: 100,000 calls, each with all before it', () => {
    const random = randomCalls(SEED)
    const calls = new Map<string, readonly unknown[]>()
    for (let count = 0; count < 100_000; count++) {
      const args = random()
      const key = f.keyFor(...args)
      const before = calls.get(key)
      if (before === undefined) calls.set(key, args)
      else if (!isDeepStrictEqual(before, args)) expect.fail(`${inspect(before)} and ${inspect(args)} have one key: ${key}`)
      if (count % 10 === 0 && f.keyFor(...copied(args)) !== key) expect.fail(`${inspect(args)} has two keys`)
    }
    expect(calls).to.have.property('size').above(50_000)
  })

  it('differs in each of 100,000 pairs of different calls that are nearly the same, and in none of equal ones', () => {
    const [random, near] = [randomCalls(SEED + 1), nearby(SEED + 2)]
    let pairs = 0
    while (pairs < 100_000) {
      const args = random()
      const other = near(args)
      const [key, same] = [f.keyFor(...args), f.keyFor(...other)]
      if (isDeepStrictEqual(args, other)) continue
      pairs++
      if (key === same) expect.fail(`${inspect(args)} and ${inspect(other)} have one key: ${key}`)
      if (f.keyFor(...copied(args)) !== key) expect.fail(`${inspect(args)} has two keys`)
    }
  })

  it('tells an argument that is undefined from one that is not given', () => {
    expect(new Set([f.keyFor(), f.keyFor(undefined), f.keyFor(undefined, undefined)]).size).to.equal(3)
  })

  it('has no regard to the order of properties', () => {
    expect(f.keyFor({ a: 1, b: { c: 2, d: 3 } })).to.equal(f.keyFor({ b: { d: 3, c: 2 }, a: 1 }))
  })

  const ring: { self?: unknown } = {}
  ring.self = ring
  const meaningless: Readonly<Record<string, unknown>> = {
    'an instance of a class': new User(),
    'an instance of a class, deep inside': { list: [new Map([['a', new User()]])] },
    'a function': () => 1,
    'a symbol': Symbol('a'),
    'an object that contains itself': ring,
    'an object with symbols for names': { [Symbol('a')]: 1 },
    'a promise': Promise.resolve(1),
    'a WeakMap': new WeakMap(),
  }
  for (const [what, value] of Object.entries(meaningless)) {
    it(`cannot be made of ${what}: the call rejects`, async () => {
      expect(await f(value).catch((error: unknown) => error)).to.be.instanceOf(KeyError)
      expect(() => f.keyFor(value)).to.throw(KeyError)
    })
  }
})

describe('A key template', () => {
  const of = (key: string) => cache.cached(async (...args: unknown[]) => args.length, { key })

  const rows: readonly (readonly [string, readonly unknown[], string])[] = [
    ['user:{0}:profile', [7], 'user:7:profile'],
    ['user:{0}:profile', ['ada'], 'user:ada:profile'],
    ['user:{0.id}:profile', [{ id: 7 }], 'user:7:profile'],
    ['user:{0.id}:profile', [new User()], 'user:7:profile'],
    ['user:{id}:profile', [{ id: 7, name: 'Ada' }], 'user:7:profile'],
    ['{0}/{1}', ['de', 7], 'de/7'],
    ['{1}/{0}', ['de', 7], '7/de'],
    ['a:{0.b.c}', [{ b: { c: -1 } }], 'a:-1'],
    ['all', [], 'all'],
    ['user:{0}', ['7'], 'user:"7"'],
    ...['-0', '-7', '0.5', '1e+21', 'NaN', '-Infinity', '7n', '-7n', 'true', 'null', 'undefined', '', '[]', '"', 'a b'].map(
      text => ['user:{0}', [text], `user:${JSON.stringify(text)}`] as const,
    ),
    ...['3f2504e0-4f89-41d3-9a0c-0305e82c3301', '007', '2026-11-20', '1e5', '+7', '7.0', '.5', '7nn', '-', 'ada@example.org', 'Zürich'].map(
      text => ['user:{0}', [text], `user:${text}`] as const,
    ),
    ['user:{0}', ['a:b'], 'user:"a:b"'],
    ['user:{0}', [undefined], 'user:undefined'],
    ['user:{0}', [[1, '1']], 'user:[1,"1"]'],
  ]
  for (const [template, args, key] of rows) {
    it(`${template} of ${JSON.stringify(args)} is ${key}`, () => {
      expect(of(template).keyFor(...args)).to.equal(key)
    })
  }

  for (const template of ['{0}{1}', '{0}a{1}', '{0}-{1}', '{0}(x){1}', '{}', '{0.}', '{.a}', 'a}b', '{0']) {
    it(`${template} is refused at start`, () => {
      expect(() => of(template)).to.throw(ConfigError)
    })
  }

  for (const [template, args] of [
    ['{id}', [{}]],
    ['{id}', [undefined]],
    ['{0.a.b}', [{ a: null }]],
    ['{0}', [new User()]],
    ['{this.region}', []],
  ] as const) {
    it(`${template} has no key for ${JSON.stringify(args)}`, () => {
      expect(() => of(template).keyFor(...args)).to.throw(KeyError)
    })
  }

  it('makes other keys of other things in its places', () => {
    const g = of('a:{0}:{1}/{2}:z')
    const thing = fc.oneof(
      fc.constantFrom(...LOOKALIKES),
      fc.string({ unit: fc.constantFrom(':', '/', 'a', 'z', '"', '1', '-', '(', '[') }),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '-', '+', '.', 'e', 'n'), maxLength: 4 }),
      fc.constantFrom(1e21, 1e-7, 0.1, 0.2, -0.1, 1.2),
      fc.integer({ min: -22, max: 22 }),
      fc.bigInt({ min: -22n, max: 22n }),
    )
    const keys = new Map<string, string>()
    fc.assert(
      fc.property(thing, thing, thing, (...args) => {
        const [key, meaning] = [g.keyFor(...args), f.keyFor(...args)]
        expect(keys.get(key) ?? meaning).to.equal(meaning)
        keys.set(key, meaning)
      }),
      runs(5_000),
    )
  })
})
