import { expect } from 'chai'
import { ConfigError } from 'smart-cache'
import { checkedOptions } from '../../lib/options.js'

const KNOWN = ['ttl', 'grace', 'staleIfError', 'tags']

describe('Options', () => {
  it('are an empty object when absent', () => {
    expect(checkedOptions(undefined, 'door()', KNOWN)).to.deep.equal({})
  })

  it('are a copy of what was given', () => {
    const given = { ttl: 0, tags: undefined }
    const checked = checkedOptions(given, 'door()', KNOWN)
    expect(checked).to.deep.equal(given)
    expect(checked).to.not.equal(given)
  })

  for (const given of [null, 5, 'ttl', true, [], ['ttl'], () => ({})]) {
    it(`are not ${JSON.stringify(given) ?? 'a function'}`, () => {
      expect(() => checkedOptions(given, 'door()', KNOWN)).to.throw(ConfigError, 'Expected the options of door() to be an object, got ')
    })
  }

  const rows = [
    ['tll', 'ttl'],
    ['TTL', 'ttl'],
    ['tag', 'tags'],
    ['stale_if_error', 'staleIfError'],
    ['staleIfErrors', 'staleIfError'],
    ['graze', 'grace'],
  ] as const
  for (const [misspelt, nearest] of rows) {
    it(`name the nearest when one is called ${misspelt}`, () => {
      expect(() => checkedOptions({ [misspelt]: 1 }, 'door()', KNOWN)).to.throw(
        ConfigError,
        `door() has no option \`${misspelt}\`. Did you mean \`${nearest}\`?`,
      )
    })
  }

  for (const unknown of ['persistence', 'π']) {
    it(`list what there is when nothing is near ${unknown}`, () => {
      expect(() => checkedOptions({ [unknown]: 1 }, 'door()', ['maxBytes', 'namespace'])).to.throw(
        ConfigError,
        `door() has no option \`${unknown}\`. It has: maxBytes, namespace.`,
      )
    })
  }

  it('refuse an unknown name even if its value is undefined', () => {
    expect(() => checkedOptions({ tll: undefined }, 'door()', KNOWN)).to.throw(ConfigError)
  })

  it('refuse the name of something that every object inherits', () => {
    expect(() => checkedOptions({ toString: 1 }, 'door()', KNOWN)).to.throw(ConfigError, '`toString`')
    expect(() => checkedOptions(JSON.parse('{"__proto__":1}'), 'door()', KNOWN)).to.throw(ConfigError, '`__proto__`')
  })
})
