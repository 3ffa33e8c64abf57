import { expect } from 'chai'
import { canonicalTarget, pageTag, pathTag } from '../../lib/keys/url.js'

const canonical = (target: string, names?: readonly string[]) => {
  const { path, query } = canonicalTarget(target, names)
  return path + query
}

describe('The canonical form of a URL', () => {
  const rows: readonly (readonly [string, string, string])[] = [
    ['keeps the path as it was sent', '/a//b/../%2e/C%2fd', '/a//b/../%2e/C%2fd'],
    ['keeps a path that looks like a query’s name', '/a&utm_source=b', '/a&utm_source=b'],
    ['drops an empty query', '/a?', '/a'],
    ['drops empty pairs', '/a?&&b=1&', '/a?b=1'],
    ['drops the fragment', '/a?b=1#c?d=2', '/a?b=1'],
    ['drops the fragment before it looks for a query', '/a#b?c=1', '/a'],
    ['orders the parameters by name', '/a?c=3&a=1&b=2', '/a?a=1&b=2&c=3'],
    ['orders by the name that is meant, not by how it is encoded', '/a?%62=2&a=1&c=3', '/a?a=1&%62=2&c=3'],
    ['reads a plus in a name as a space', '/a?b=1&a+b=2&a%20a=3', '/a?a%20a=3&a+b=2&b=1'],
    ['leaves values as they were sent', '/a?b=%41+%2B%zz', '/a?b=%41+%2B%zz'],
    ['leaves what has no equals sign without one', '/a?b&a=', '/a?a=&b'],
    ['cuts the name at the first equals sign', '/a?b=a=b&a', '/a?a&b=a=b'],
    ['keeps repeated parameters in the order in which they were sent', '/a?b=2&a=2&b=1&a=1', '/a?a=2&a=1&b=2&b=1'],
    ['keeps a, a[] and a[b] in the order in which they were sent', '/a?b=0&a[]=3&a=2&a[x]=1', '/a?a[]=3&a=2&a[x]=1&b=0'],
    ['and so if the brackets are encoded', '/a?b=0&a%5B%5D=3&a=2&a%5bx%5d=1', '/a?a%5B%5D=3&a=2&a%5bx%5d=1&b=0'],
    ['survives a name that cannot be decoded', '/a?b=1&%ff=2&%=3', '/a?%=3&%ff=2&b=1'],
    ['and keeps its nested forms in order too', '/a?%ff[x]=1&%ff=2', '/a?%ff[x]=1&%ff=2'],
    ['and so with encoded brackets', '/a?%ff%5Bx%5D=1&%ff=2', '/a?%ff%5Bx%5D=1&%ff=2'],
    ['takes a second question mark for a part of the query', '/a?b=1?c=2', '/a?b=1?c=2'],
  ]
  for (const [what, target, form] of rows) {
    it(what, () => {
      expect(canonical(target)).to.equal(form)
      expect(canonical(form), 'it is its own canonical form').to.equal(form)
    })
  }

  it('tells absent, empty and given parameters apart', () => {
    const forms = ['/a', '/a?b', '/a?b=', '/a?b=1', '/a?B=1', '/a?b=1&b=1'].map(target => canonical(target))
    expect(new Set(forms).size).to.equal(forms.length)
  })
})

describe('Trackers', () => {
  const known = [
    'utm_source',
    'utm_medium',
    'utm_x',
    'gclid',
    'gbraid',
    'wbraid',
    'dclid',
    'fbclid',
    'msclkid',
    'twclid',
    'ttclid',
    'yclid',
  ]
  for (const name of [...known, 'igshid', 'mc_cid', 'mc_eid', '_hsenc', '_hsmi', 'mkt_tok', 'utm%5Fsource', 'utm_source[]']) {
    it(`such as ${name} are left out`, () => {
      expect(canonical(`/a?b=1&${name}=x&c=2`)).to.equal('/a?b=1&c=2')
      expect(canonical(`/a?${name}`)).to.equal('/a')
    })
  }

  for (const name of ['utm', 'utm_', 'xutm_source', 'gclid2', 'GCLID', 'fbclid.', 'source']) {
    it(`such as ${name} are none`, () => {
      expect(canonical(`/a?${name}=x`)).to.equal(`/a?${name}=x`)
    })
  }

  it('are left in where a semicolon could hide a parameter behind them', () => {
    expect(canonical('/a?utm_source=x;b=1')).to.equal('/a?utm_source=x;b=1')
    expect(canonical('/a?b=1;c=2&utm_source=x')).to.equal('/a?b=1;c=2&utm_source=x')
  })
})

describe('The canonical form with names', () => {
  it('keeps only those parameters', () => {
    expect(canonical('/a?d=4&c=3&b=2&a=1', ['c', 'a'])).to.equal('/a?a=1&c=3')
    expect(canonical('/a?b=1', [])).to.equal('/a')
  })

  it('keeps their nested forms', () => {
    expect(canonical('/a?a[x]=1&b=2&a%5B%5D=3', ['a'])).to.equal('/a?a[x]=1&a%5B%5D=3')
  })

  it('finds a name however it is encoded', () => {
    expect(canonical('/a?%61=1', ['a'])).to.equal('/a?%61=1')
  })

  it('keeps a tracker that is named', () => {
    expect(canonical('/a?gclid=1&utm_source=2', ['gclid'])).to.equal('/a?gclid=1')
  })

  it('leaves nothing out where a semicolon could hide one of them', () => {
    expect(canonical('/a?x=1;a=2', ['a'])).to.equal('/a?x=1;a=2')
  })
})

describe('The tags of a page', () => {
  it('are no tag that a caller can give', () => {
    expect(pageTag({ path: '/a', query: '?b=1' })).to.equal('~url /a?b=1')
    expect(pathTag('/a')).to.equal('~path /a')
  })
})
