import { expect } from 'chai'
import { KeyError } from 'smart-cache'
import { shown } from '../../lib/errors.js'
import { urlTags } from '../../lib/keys/url.js'

describe('The tags of a URL to purge', () => {
  const rows = [
    ['/posts', '/posts', ''],
    ['/posts?b=2&a=1', '/posts', '?a=1&b=2'],
    ['/posts?utm_source=x#top', '/posts', ''],
    ['https://example.org/posts?a=1', '/posts', '?a=1'],
    ['HTTP://user:pass@example.org:8080/posts', '/posts', ''],
    ['https://example.org', '/', ''],
    ['https://example.org?a=1', '/', '?a=1'],
    ['https://example.org#top', '/', ''],
    ['//double', '//double', ''],
    ['/a:b://c', '/a:b://c', ''],
  ] as const
  for (const [url, path, query] of rows) {
    it(`for ${url} are of ${path}${query}`, () => {
      expect(urlTags(url)).to.deep.equal([`~url ${path}${query}`, `~path ${path}`])
    })
  }

  for (const url of [
    'posts',
    'example.org/posts',
    '',
    '?a=1',
    '#top',
    ' /posts',
    'mailto:a@b',
    '*',
    undefined,
    null,
    7,
    {},
    new URL('http://a/b'),
  ]) {
    it(`cannot be made of ${typeof url} ${shown(url)}`, () => {
      expect(() => urlTags(url)).to.throw(KeyError, 'Expected a URL to be a path that begins with "/", or absolute, got ')
    })
  }
})
