import { expect } from 'chai'
import type { Batch, Ledger } from '../../lib/analytics/ledger.js'
import { Tally } from '../../lib/analytics/tally.js'
import { Writer } from '../../lib/analytics/writer.js'
import { gate } from 'smart-cache/testing'

const SUBJECT = { namespace: '', kind: 'value', name: 'a' }
const RETENTION = { minutesMs: 1, hoursMs: 1, daysMs: 1, eventsMs: 1, entriesMs: 1, maxEntries: 1 }
const LIMITS = { buffer: 10, eventsPerKey: 2, eventsPerDay: 5 }

describe('The writer of analytics', () => {
  it('writes what was counted, in one batch', async () => {
    const { tally, writer, written } = standing()
    tally.figures(SUBJECT).add('hits', 3)
    await writer.flush()
    expect(written.map(({ cells }) => cells[0]?.figures.get('hits'))).to.deep.equal([3])
    await writer.flush()
    expect(written.length).to.equal(1)
    await writer.close(1_000)
  })

  it('tries the same batch again, and what was counted meanwhile after it', async () => {
    const { tally, writer, ledger, written } = standing()
    ledger.failing = true
    tally.figures(SUBJECT).add('hits', 1)
    const failure = await writer.flush().catch((error: unknown) => error)
    expect(failure).to.be.an('error').with.property('message', 'away')
    expect(writer.health).to.include({ buffered: 1, failure })
    tally.figures(SUBJECT).add('hits', 2)
    ledger.failing = false
    await writer.flush()
    expect(ledger.tried.length).to.equal(3)
    expect(ledger.tried[0]).to.equal(ledger.tried[1])
    expect(written.map(({ cells }) => cells[0]?.figures.get('hits'))).to.deep.equal([1, 2])
    expect(writer.health.failure).to.equal(undefined)
    await writer.close(1_000)
  })

  it('has one batch under way at a time, and does not keep those waiting who count', async () => {
    const { tally, writer, ledger, written } = standing()
    const held = gate()
    ledger.held = held
    tally.figures(SUBJECT).add('hits', 1)
    const flushed = writer.flush()
    await Promise.resolve()
    tally.figures(SUBJECT).add('hits', 5)
    expect(written.length).to.equal(0)
    held.open()
    await flushed
    expect(written.map(({ cells }) => cells[0]?.figures.get('hits'))).to.deep.equal([1, 5])
    await writer.close(1_000)
  })

  it('tries again when it closes, while there is time', async () => {
    const { tally, writer, ledger, written } = standing()
    ledger.failing = true
    tally.figures(SUBJECT).add('hits', 1)
    setTimeout(() => {
      ledger.failing = false
    }, 10)
    expect(await writer.close(5_000)).to.equal(true)
    expect(written.length).to.equal(1)
  })

  it('says so when what is left could not be written in time', async () => {
    const { tally, writer, ledger } = standing()
    ledger.held = new Promise(() => undefined)
    tally.figures(SUBJECT).add('hits', 1)
    expect(await writer.close(20)).to.equal(false)
  })
})

describe('A tally', () => {
  it('is bounded, and says how much it had to drop', () => {
    const tally = new Tally(LIMITS, () => 0)
    for (let n = 0; n < 15; n++) tally.figures({ ...SUBJECT, name: `n${n}` }).add('hits')
    expect([tally.size, tally.dropped]).to.deep.equal([10, 5])
  })

  it('counts names beyond a thousand together', () => {
    const tally = new Tally({ ...LIMITS, buffer: 10_000 }, () => 0)
    for (let n = 0; n < 1_500; n++) tally.figures({ ...SUBJECT, name: `n${n}` }).add('hits')
    const cells = tally.take()?.cells ?? []
    expect(cells.length).to.equal(1_001)
    expect(cells.find(({ name }) => name === '(others)')?.figures.get('hits')).to.equal(500)
  })

  it('notes no more than so many events of a key, and of all, on one day', () => {
    let now = 0
    const tally = new Tally({ ...LIMITS, buffer: 100 }, () => now)
    const event = { ...SUBJECT, type: 'miss', shown: 'a', reason: '', count: 1, ms: 0, bytes: 0 }
    for (let n = 0; n < 5; n++) tally.event(event)
    expect(tally.size).to.equal(2)
    for (let n = 0; n < 9; n++) tally.event({ ...event, shown: `b${n}` })
    expect(tally.size).to.equal(5)
    now = 86_400_000
    tally.event(event)
    expect(tally.size).to.equal(6)
  })
})

function standing() {
  const tally = new Tally(LIMITS, () => 0)
  const written: Batch[] = []
  const ledger = {
    failing: false,
    held: undefined as Promise<void> | undefined,
    tried: [] as string[],
    async write(batch: Batch) {
      this.tried.push(batch.id)
      await this.held
      if (this.failing) throw new Error('away')
      written.push(batch)
    },
    prune: async () => false,
    migrate: async () => [],
  }
  const writer = new Writer(
    tally,
    ledger satisfies Ledger,
    { everyMs: 60_000, rows: 100, patienceMs: 5_000, retention: RETENTION },
    () => 0,
  )
  return { tally, writer, ledger, written }
}
