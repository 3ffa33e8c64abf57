import { expect } from 'chai'
import { successive } from './successive.js'

const berlin = 'Europe/Berlin'

describe('A cron expression', () => {
  it('is meant in UTC where no zone is named', () => {
    expect(successive({ cron: '0 3 * * *' }, '2026-07-01T03:00:00Z', 1)).to.deep.equal(['2026-07-02T03:00:00.000Z'])
  })

  it('with a fixed time comes at the end of the gap in which it lies', () => {
    expect(successive({ cron: '30 2 * * *', timezone: berlin }, '2026-03-28T12:00:00Z', 2)).to.deep.equal([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
  })

  it('with several fixed times in a gap comes once', () => {
    expect(successive({ cron: '0,30 2,3 * * *', timezone: berlin }, '2026-03-28T12:00:00Z', 3)).to.deep.equal([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:00:00.000Z',
    ])
  })

  it('with a fixed time comes once where clocks show it twice', () => {
    expect(successive({ cron: '30 2 * * *', timezone: berlin }, '2026-10-24T12:00:00Z', 2)).to.deep.equal([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
  })

  it('is asked in the second of the hours that are shown twice', () => {
    expect(successive({ cron: '30 2,4 * * *', timezone: berlin }, '2026-10-25T01:10:00Z', 1)).to.deep.equal(['2026-10-25T03:30:00.000Z'])
  })

  it('loses nothing that comes after the hours that are shown twice, when it is asked in the second of them', () => {
    expect(successive({ cron: '5,45 2,3 * * *', timezone: berlin }, '2026-10-25T01:10:00Z', 2)).to.deep.equal([
      '2026-10-25T02:05:00.000Z',
      '2026-10-25T02:45:00.000Z',
    ])
  })

  it('of every half hour goes on through both hours that are shown twice', () => {
    expect(successive({ cron: '*/30 * * * *', timezone: berlin }, '2026-10-24T23:59:00Z', 6)).to.deep.equal([
      '2026-10-25T00:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:00:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ])
  })

  it('of every half hour goes on over a gap', () => {
    expect(successive({ cron: '*/30 * * * *', timezone: berlin }, '2026-03-29T00:29:00Z', 3)).to.deep.equal([
      '2026-03-29T00:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
    ])
  })

  it('with a minute that goes on in a fixed hour leaves out what clocks leave out', () => {
    expect(successive({ cron: '*/30 2 * * *', timezone: berlin }, '2026-03-28T12:00:00Z', 1)).to.deep.equal(['2026-03-30T00:00:00.000Z'])
  })

  it('of a day that Samoa left out comes at its end', () => {
    expect(successive({ cron: '0 12 30 12 *', timezone: 'Pacific/Apia' }, '2011-01-01T00:00:00Z', 2)).to.deep.equal([
      '2011-12-30T10:00:00.000Z',
      '2012-12-29T22:00:00.000Z',
    ])
  })

  it('of a leap day waits for it, over the year 2100 too', () => {
    expect(successive({ cron: '0 0 29 2 *', timezone: 'Asia/Kathmandu' }, '2095-01-01T00:00:00Z', 2)).to.deep.equal([
      '2096-02-28T18:15:00.000Z',
      '2104-02-28T18:15:00.000Z',
    ])
  })

  it('that goes on with every hour of a leap day finds its zone’s offset years later', () => {
    expect(successive({ cron: '30 */12 29 2 *', timezone: berlin }, '2025-07-01T00:00:00Z', 2)).to.deep.equal([
      '2028-02-28T23:30:00.000Z',
      '2028-02-29T11:30:00.000Z',
    ])
  })

  it('that never comes has no next instant', () => {
    for (const cron of ['0 0 30 2 *', '0 0 31 4,6,9,11 *', '0 0 30,31 feb *']) {
      expect(successive({ cron }, '2026-01-01T00:00:00Z', 1), cron).to.deep.equal([undefined])
    }
  })

  it('with a day of the month that its month lacks comes on its weekdays all the same', () => {
    expect(successive({ cron: '0 0 31 4 1' }, '2026-04-01T00:00:00Z', 2)).to.deep.equal([
      '2026-04-06T00:00:00.000Z',
      '2026-04-13T00:00:00.000Z',
    ])
  })
})
