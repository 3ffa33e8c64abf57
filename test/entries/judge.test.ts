import { expect } from 'chai'
import { deleteAt } from '../../lib/entries/entry.js'
import { judge } from '../../lib/entries/judge.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'

const STALE_AT = 1_000

describe('The verdict on an entry', () => {
  const rows = [
    { graceMs: 0, staleIfErrorMs: 0, verdicts: { 0: 'fresh', 999: 'fresh', 1_000: 'gone', 1_001: 'gone' } },
    { graceMs: 100, staleIfErrorMs: 0, verdicts: { 999: 'fresh', 1_000: 'stale', 1_099: 'stale', 1_100: 'gone' } },
    { graceMs: 0, staleIfErrorMs: 100, verdicts: { 999: 'fresh', 1_000: 'spare', 1_099: 'spare', 1_100: 'gone' } },
    { graceMs: 100, staleIfErrorMs: 300, verdicts: { 999: 'fresh', 1_099: 'stale', 1_100: 'spare', 1_299: 'spare', 1_300: 'gone' } },
    { graceMs: 300, staleIfErrorMs: 100, verdicts: { 999: 'fresh', 1_000: 'stale', 1_299: 'stale', 1_300: 'gone' } },
    { graceMs: Infinity, staleIfErrorMs: 0, verdicts: { 999: 'fresh', 1_000: 'stale', 1e15: 'stale' } },
    { graceMs: 0, staleIfErrorMs: Infinity, verdicts: { 999: 'fresh', 1_000: 'spare', 1e15: 'spare' } },
  ]
  for (const { verdicts, ...lifetime } of rows) {
    for (const [now, verdict] of Object.entries(verdicts)) {
      it(`stale at 1000 with grace ${lifetime.graceMs} and staleIfError ${lifetime.staleIfErrorMs} is ${verdict} at ${now}`, () => {
        expect(judge(sampleEntry('a', { createdAt: 0, staleAt: STALE_AT, ...lifetime }), Number(now))).to.equal(verdict)
      })
    }
  }

  it('on one that is fresh for ever is fresh', () => {
    expect(judge(sampleEntry('a', { staleAt: Infinity, graceMs: 0, staleIfErrorMs: 0 }), 1e15)).to.equal('fresh')
  })
})

describe('The end of an entry', () => {
  for (const [graceMs, staleIfErrorMs, end] of [
    [0, 0, 1_000],
    [100, 0, 1_100],
    [100, 300, 1_300],
    [300, 100, 1_300],
  ] as const) {
    it(`comes at ${end} after a grace of ${graceMs} and staleIfError of ${staleIfErrorMs}`, () => {
      expect(deleteAt(sampleEntry('a', { staleAt: STALE_AT, graceMs, staleIfErrorMs }))).to.equal(end)
    })
  }

  it('on one that was kept more than a minute ahead of now is gone: nobody can tell how old it is', () => {
    const entry = sampleEntry('a', { createdAt: 60_000, staleAt: Infinity })
    expect([judge(entry, 0), judge(entry, -1)]).to.deep.equal(['fresh', 'gone'])
  })
})
