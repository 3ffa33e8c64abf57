import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { Cron } from 'croner'
import { Temporal } from 'temporal-polyfill'
import { isTimes, nextOf, rows, written, type Row } from './table.js'

describe('The table of instants', () => {
  it('has 150 rows or more, and at least two sources for each', () => {
    expect(rows.length).to.be.at.least(150)
    expect(rows.filter(({ agreed }) => agreed.length < 2)).to.deep.equal([])
  })

  const sources: Readonly<Record<string, (row: Row) => readonly string[]>> = { croner: cronersNext, Temporal: temporalsNext }
  for (const [source, nextBy] of Object.entries(sources)) {
    it(`says what ${source} says`, () => {
      const asked = rows.filter(({ agreed }) => agreed.includes(source))
      expect(asked.length).to.be.at.least(50)
      expect(asked.map(row => ({ ...row, next: nextBy(row) }))).to.deep.equal(asked)
    })
  }

  it('says what nextInstant says', () => {
    expect(rows.map(row => ({ ...row, next: nextOf(row) }))).to.deep.equal(rows)
  })

  for (const host of ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu']) {
    it(`says what nextInstant says where the host is in ${host}`, async () => {
      const program = new URL('table-elsewhere.js', import.meta.url).pathname
      const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...process.env, TZ: host }, maxBuffer: 10 ** 7 })
      const { zone, instants } = JSON.parse(stdout) as { readonly zone: string; readonly instants: readonly unknown[] }
      // Some versions of ICU have Kathmandu by its old name.
      expect(zone.replace('Katmandu', 'Kathmandu')).to.equal(host)
      expect(instants).to.deep.equal(rows.map(({ next }) => next))
    })
  }
})

function cronersNext({ line, zone, from }: Row): readonly string[] {
  return new Cron(line, { timezone: zone, paused: true }).nextRuns(3, new Date(from)).map(written)
}

function temporalsNext(row: Row): readonly string[] {
  expect(isTimes(row)).to.equal(true)
  const since = Temporal.Instant.from(row.from)
  const today = since.toZonedDateTimeISO(row.zone).toPlainDate()
  const instants = [-2, -1, 0, 1, 2, 3, 4].flatMap(days =>
    row.line.split(' ').map(time => today.add({ days }).toPlainDateTime(time).toZonedDateTime(row.zone).epochMilliseconds),
  )
  const next = [...new Set(instants)].filter(at => at > since.epochMilliseconds).toSorted((a, b) => a - b)
  return next.slice(0, 3).map(written)
}
