import { expect } from 'chai'
import { createCache, type Schema, type ValuePolicyOptions } from 'smart-cache'
import { fakeClock, gate } from 'smart-cache/testing'
import { countedLoad } from './held-load.js'

describe('when', () => {
  it('has a result that it does not want answered to all who wait, and kept for nobody', async () => {
    const cache = createCache()
    const answer = gate<string>()
    const load = countedLoad(() => answer)
    const ask = () => cache.getOrSet('k', load.loader, { when: value => value !== 'unwanted', grace: '1h', staleIfError: '1h' })
    const asked = Array.from({ length: 100 }, ask)
    answer.open('unwanted')
    expect(new Set(await Promise.all(asked)).size).to.equal(1)
    expect(load.calls).to.equal(1)
    await ask()
    expect(load.calls).to.equal(2)
  })

  it('keeps what it wants', async () => {
    const cache = createCache()
    await cache.getOrSet('k', () => 'v', { when: () => true })
    expect(await cache.get('k')).to.equal('v')
  })

  it('that throws keeps nothing, and fails nobody', async () => {
    const cache = createCache()
    const errors: unknown[] = []
    cache.on('error', ({ error }) => errors.push(error))
    const error = new Error('when')
    const options = {
      when: () => {
        throw error
      },
    }
    expect(await cache.getOrSet('k', () => 'v', options)).to.equal('v')
    expect(await cache.has('k')).to.equal(false)
    expect(errors).to.deep.equal([error])
  })
})

describe('negativeTtl', () => {
  for (const nothing of [null, undefined]) {
    it(`is how long ${nothing} is kept`, async () => {
      const clock = fakeClock()
      const cache = createCache({ clock })
      const load = countedLoad(() => nothing)
      const ask = () => cache.getOrSet('k', load.loader, { ttl: '1h', grace: '1h', negativeTtl: '10s' })
      await ask()
      clock.advance(9_999)
      await ask()
      expect(load.calls).to.equal(1)
      clock.advance(1)
      await ask()
      expect(load.calls).to.equal(2)
    })
  }

  for (const something of [0, '', false, NaN]) {
    it(`is not for ${JSON.stringify(something)}, which is a value`, async () => {
      const clock = fakeClock()
      const cache = createCache({ clock })
      await cache.set('k', something, { ttl: '1h', negativeTtl: 0 })
      clock.advance('59m')
      expect(await cache.has('k')).to.equal(true)
    })
  }
})

/** Fits objects with a number for `id`; says so at once or later. */
function schemaOf(later: boolean): Schema {
  const validate = (value: unknown) => (typeof (value as { id?: unknown } | null)?.id === 'number' ? {} : { issues: ['id'] })
  return { '~standard': { validate: value => (later ? Promise.resolve(validate(value)) : validate(value)) } }
}

for (const later of [false, true]) {
  describe(`A schema that answers ${later ? 'later' : 'at once'}`, () => {
    const schema = schemaOf(later)

    it('has what does not fit it any more loaded anew, once for all', async () => {
      const cache = createCache()
      await cache.set('k', { id: '7' })
      const load = countedLoad(() => ({ id: 7 }))
      const asked = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('k', load.loader, { schema })))
      expect(asked).to.deep.equal(Array(100).fill({ id: 7 }))
      expect(load.calls).to.equal(1)
      expect(await cache.get('k')).to.deep.equal({ id: 7 })
    })

    it('leaves what fits', async () => {
      const cache = createCache()
      await cache.set('k', { id: 7 })
      expect(await cache.getOrSet('k', () => expect.fail('it fits'), { schema })).to.deep.equal({ id: 7 })
    })

    it('keeps nothing that does not fit, and answers it to all who wait', async () => {
      const cache = createCache()
      const answer = gate<object>()
      const load = countedLoad(() => answer)
      const asked = Array.from({ length: 100 }, () => cache.getOrSet('k', load.loader, { schema }))
      answer.open({ id: '7' })
      expect(await Promise.all(asked)).to.deep.equal(Array(100).fill({ id: '7' }))
      expect(load.calls).to.equal(1)
      expect(await cache.has('k')).to.equal(false)
    })

    it('is asked for a stale value too, and by a cached function', async () => {
      const clock = fakeClock()
      const cache = createCache({ clock })
      const f = cache.cached(async (_id: number) => ({ id: 7 }), { key: 'f:{0}', schema })
      await cache.set('f:1', { id: '7' }, { ttl: '1m', grace: '1h' })
      clock.advance('2m')
      expect(await f(1)).to.deep.equal({ id: 7 })
      await cache.set('f:1', { id: '8' })
      expect([await f(1), await f(1)]).to.deep.equal([{ id: 7 }, { id: 7 }])
    })
  })
}

describe('What a caller does to a value', () => {
  const make = () => ({
    plain: { list: [{ deep: 1 }] },
    date: new Date(5),
    buffer: Buffer.from('abc'),
    map: new Map([['a', { n: 1 }]]),
    set: new Set([1]),
    bytes: new Uint8Array([1]),
  })
  type Value = ReturnType<typeof make>

  /** Does whatever can be done; what is frozen throws. */
  function spoil(value: Value): void {
    const deeds: readonly (() => unknown)[] = [
      () => (value.plain = { list: [] }),
      () => value.plain.list.push({ deep: 2 }),
      () => Object.assign(value.plain.list[0] ?? {}, { deep: 3 }),
      () => value.date.setTime(9),
      () => value.buffer.fill(0),
      () => value.map.set('b', { n: 2 }),
      () => Object.assign(value.map.get('a') ?? {}, { n: 3 }),
      () => value.set.clear(),
      () => value.bytes.fill(9),
    ]
    for (const deed of deeds) {
      try {
        deed()
      } catch (error) {
        expect(error).to.be.instanceOf(TypeError)
      }
    }
  }

  for (const [kind, policy] of Object.entries<ValuePolicyOptions<Value>>({ '': {}, ' with copy: true': { copy: true } })) {
    it(`never changes what is kept${kind}: not the first, not who waited, not who hits, not who set it`, async () => {
      const cache = createCache()
      const load = (id: number) => cache.getOrSet(`k${id}`, make, policy)
      const f = cache.cached((_id: number) => Promise.resolve(make()), { name: 'f', ...policy })
      for (const ask of [load, f]) {
        for (const value of await Promise.all([ask(1), ask(1)])) spoil(value)
        for (const _ of [1, 2, 3, 4]) {
          const value = await ask(1)
          expect(value).to.deep.equal(make())
          spoil(value)
        }
      }
      const given = make()
      await cache.set('set', given, policy)
      spoil(given)
      expect(await cache.get('set')).to.deep.equal(make())
    })
  }

  it('with copy: true is his own affair', async () => {
    const cache = createCache()
    const ask = () => cache.getOrSet('k', () => ({ list: [1] }), { copy: true })
    for (const _ of [1, 2, 3]) {
      const value = await ask()
      value.list.push(2)
      expect(value.list).to.deep.equal([1, 2])
    }
  })

  it('with share: true is everybody’s', async () => {
    class Session {
      visits = 0
    }
    const cache = createCache()
    const f = cache.cached((_id: number) => new Session(), { name: 'f', share: true })
    for (const visits of [1, 2, 3, 4]) expect(++(await f(7)).visits).to.equal(visits)
    expect(await f(7)).to.be.instanceOf(Session)
  })
})
