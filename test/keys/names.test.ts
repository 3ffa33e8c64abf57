import { expect } from 'chai'
import * as fc from 'fast-check'
import { createCache, KeyError } from 'smart-cache'
import { checkName, namespacePrefix, splitName } from '../../lib/keys/names.js'
import { runs } from '../property.js'

describe('A name', () => {
  for (const name of ['a', ' ', '0', '/', ':', 'user:7', 'a~', '*', '__proto__', '日本', '\u0000', 'x'.repeat(10_000)]) {
    it(`can be ${JSON.stringify(name.slice(0, 20))}`, () => {
      expect(() => checkName(name, 'key')).to.not.throw()
    })
  }

  for (const name of ['', undefined, null, 0, 7, true, [], ['a'], {}, Symbol('a'), Object('a')]) {
    it(`cannot be ${typeof name} ${JSON.stringify(name) ?? ''}`, () => {
      expect(() => checkName(name, 'tag')).to.throw(KeyError, 'Expected a tag to be a string that is not empty, got ')
    })
  }

  for (const name of ['~', '~a', '~/shop:a', '~page GET /']) {
    it(`cannot be ${name}, which is the library's own`, () => {
      expect(() => checkName(name, 'pattern')).to.throw(
        KeyError,
        `A pattern cannot begin with "~": those names are the library's own, got "${name}"`,
      )
    })
  }
})

describe('A name that is no Unicode', () => {
  for (const name of ['\ud800', 'user:\udfff', 'a\udc00\ud800b']) {
    it(`is refused: ${JSON.stringify(name)}`, () => {
      expect(() => checkName(name, 'tag')).to.throw(KeyError, `Expected a tag to be Unicode, got half of a surrogate pair in `)
    })
  }

  it('is refused as a key of any kind, for in a store it would be another’s', async () => {
    const cache = createCache()
    const refused = [
      () => cache.get('user:\ud800'),
      () => cache.getOrSet('user:\ud800', () => 1),
      () => cache.set('user', 1, { tags: ['\ud800'] }),
      () => cache.invalidate('\ud800'),
      () => cache.invalidate({ pattern: '*\ud800' }),
      () => cache.fragment('\ud800', {}, () => 'hello'),
      () => cache.cached((id: string) => id, { key: (id: string) => `user:${id}` })('\ud800'),
    ]
    for (const ask of refused) expect(await rejected(ask), ask.toString()).to.be.instanceOf(KeyError)
    const byTemplate = cache.cached((id: string) => id, { key: 'user:{0}' })
    expect([await byTemplate('\ud800'), await byTemplate('\ud801')]).to.deep.equal(['\ud800', '\ud801'])
  })
})

async function rejected(ask: () => unknown): Promise<unknown> {
  try {
    await ask()
    return undefined
  } catch (error) {
    return error
  }
}

describe('A namespace', () => {
  it('has a prefix for its names; the root has none', () => {
    expect(namespacePrefix([])).to.equal('')
    expect(namespacePrefix(['shop'])).to.equal('~/shop:')
    expect(namespacePrefix(['shop', 'tenant-7'])).to.equal('~/shop/tenant-7:')
  })

  for (const segment of ['a', 'A-b_c.9', '..', '__proto__']) {
    it(`can be ${segment}`, () => {
      expect(namespacePrefix([segment])).to.equal(`~/${segment}:`)
    })
  }

  for (const segment of ['', ' ', 'a b', 'a/b', 'a:b', '~a', 'a\n', 'ä', '*', 7, null, undefined, {}, ['a']]) {
    it(`cannot be ${JSON.stringify(segment) ?? 'undefined'}`, () => {
      expect(() => namespacePrefix(['shop', segment as string])).to.throw(
        KeyError,
        'Expected a namespace to be letters, digits, ".", "_" and "-", got ',
      )
    })
  }

  const segments = fc.array(fc.stringMatching(/^[\w.-]{1,3}$/), { maxLength: 3 })
  const name = fc.stringMatching(/^[^~][ab:/~]{0,4}$/)

  it('and a name make one full name, and no other two make the same', () => {
    fc.assert(
      fc.property(segments, name, segments, name, (path, key, otherPath, otherKey) => {
        const same = path.join('/') === otherPath.join('/') && key === otherKey
        expect(namespacePrefix(path) + key === namespacePrefix(otherPath) + otherKey).to.equal(same)
      }),
      runs(5_000),
    )
  })

  it('and a name are found again in the full name', () => {
    fc.assert(
      fc.property(segments, name, (path, key) => {
        expect(splitName(namespacePrefix(path) + key)).to.deep.equal({ namespace: path.join('/'), name: key })
      }),
      runs(2_000),
    )
  })

  it("is found again around the library's own names", () => {
    expect(splitName('~page GET /a:b')).to.deep.equal({ namespace: '', name: '~page GET /a:b' })
    expect(splitName('~/shop:~page GET /a:b')).to.deep.equal({ namespace: 'shop', name: '~page GET /a:b' })
  })
})
