import { expect } from 'chai'
import { ConfigError, nextInstant } from 'smart-cache'
import { successive } from './successive.js'

describe('A time of day', () => {
  it('is the next one of its zone', () => {
    expect(successive({ invalidateAt: '13:00', timezone: 'Europe/Berlin' }, '2026-07-01T10:59:59.999Z', 3)).to.deep.equal([
      '2026-07-01T11:00:00.000Z',
      '2026-07-02T11:00:00.000Z',
      '2026-07-03T11:00:00.000Z',
    ])
  })

  it('is meant in UTC where no zone is named', () => {
    expect(successive({ invalidateAt: '13:00' }, '2026-07-01T12:00:00Z', 1)).to.deep.equal(['2026-07-01T13:00:00.000Z'])
  })

  it('of a list is the first that comes, in whatever order they are written', () => {
    expect(successive({ invalidateAt: ['18:30', '9:00', '13:00:30'] }, '2026-07-01T09:00:00Z', 4)).to.deep.equal([
      '2026-07-01T13:00:30.000Z',
      '2026-07-01T18:30:00.000Z',
      '2026-07-02T09:00:00.000Z',
      '2026-07-02T13:00:30.000Z',
    ])
  })

  it('is as much later as clocks were set forwards past it', () => {
    expect(successive({ invalidateAt: '02:30', timezone: 'Europe/Berlin' }, '2026-03-28T12:00:00Z', 2)).to.deep.equal([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ])
    expect(nextInstant({ invalidateAt: '02:30', timezone: 'Europe/Berlin' }, Date.parse('2026-03-29T01:10:00Z'))?.toISOString()).to.equal(
      '2026-03-29T01:30:00.000Z',
    )
  })

  it('is as much later where clocks are set by half an hour', () => {
    expect(successive({ invalidateAt: '02:15', timezone: 'Australia/Lord_Howe' }, '2026-10-03T10:00:00Z', 1)).to.deep.equal([
      '2026-10-03T15:45:00.000Z',
    ])
  })

  it('is the first of two in a night in which clocks are set back', () => {
    expect(successive({ invalidateAt: '02:30', timezone: 'Europe/Berlin' }, '2026-10-24T12:00:00Z', 2)).to.deep.equal([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ])
  })

  it('is not lost at midnight where the day begins at one', () => {
    expect(successive({ invalidateAt: '00:00', timezone: 'Africa/Cairo' }, '2026-04-23T12:00:00Z', 2)).to.deep.equal([
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ])
  })

  it('of the day that Samoa left out comes with that of the next', () => {
    expect(successive({ invalidateAt: '12:00', timezone: 'Pacific/Apia' }, '2011-12-29T12:00:00Z', 3)).to.deep.equal([
      '2011-12-29T22:00:00.000Z',
      '2011-12-30T22:00:00.000Z',
      '2011-12-31T22:00:00.000Z',
    ])
  })

  for (const time of ['24:00', '13', '13:60', '1:00pm', '', ' 13:00', '-1:00', 13, null, [], ['13:00', 'noon']]) {
    it(`cannot be ${JSON.stringify(time)}`, () => {
      expect(() => nextInstant({ invalidateAt: time as string }, 0)).to.throw(ConfigError, '`invalidateAt`')
    })
  }
})
