import { expect } from 'chai'
import { touches, type Purge } from '../../lib/journal/purge.js'
import { purge } from '../../lib/testing/contract/promised.js'

describe('A purge', () => {
  const rows: readonly (readonly [Purge, string, readonly string[], boolean])[] = [
    [purge('tag', 't'), 'k', ['s', 't'], true],
    [purge('tag', 't'), 't', [], false],
    [purge('tag', 't'), 'k', ['tt', 'T'], false],
    [purge('key', 'k'), 'k', [], true],
    [purge('key', 'k'), 'k:1', ['k'], false],
    [purge('prefix', 'k:'), 'k:1', [], true],
    [purge('prefix', 'k:'), 'k', ['k:1'], false],
    [purge('prefix', ''), '~/shop:k', [], true],
    [purge('pattern', 'k:*'), 'k:1', [], true],
    [purge('pattern', 'k:*'), 'l:1', ['k:1'], false],
    [purge('pattern', '*'), '~page /', [], false],
    [purge('pattern', '*'), '~/shop:k', [], false],
    [purge('pattern', '*', { within: '~/shop:' }), '~/shop:k', [], true],
    [purge('pattern', '*', { within: '~/shop:' }), '~/shop:~page /', [], false],
    [purge('pattern', '*', { within: '~/shop:' }), '~/shop/inner:k', [], false],
    [purge('pattern', '*', { within: '~/shop:' }), '~/shopper:k', [], false],
    [purge('pattern', '*', { within: '~/shop:' }), 'k', [], false],
    [purge('pattern', 'shop:*'), '~/shop:k', [], false],
  ]
  for (const [record, key, tags, touched] of rows) {
    const { kind, within, name } = record
    it(`by ${kind} ${within ?? ''}${name || 'of nothing'} ${touched ? 'touches' : 'passes'} ${key} tagged [${tags.join()}]`, () => {
      expect(touches(record, { key, tags })).to.equal(touched)
      expect(touches({ ...record, soft: true }, { key, tags: new Set(tags) }), 'soft ones touch the same').to.equal(touched)
    })
  }
})
