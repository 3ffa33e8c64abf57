import { expect } from 'chai'
import { StoreError } from 'smart-cache'
import { redisOrSkip } from '../servers/redis.js'
import { course, type Course } from './course.js'
import { ILLNESSES } from './illness.js'
import { HANDLER_MS } from './site.js'

const BUDGET_MS = 250
/** What a busy machine may add to one answer. */
const SLACK_MS = 500
/** Questions that have to fail in a row before nobody is kept waiting any more. */
const FAILURES = 3

/** Illnesses run their courses a few at a time: most of it is waiting. */
const AT_ONCE = 4

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

describe('Redis that', function () {
  // Those who come last wait for all others.
  this.timeout(240_000)

  const courses = new Map<string, Promise<Course>>()

  before(async function () {
    await (await redisOrSkip(this, { own: true })).stop()
    const running: Promise<unknown>[] = []
    for (const [index, illness] of ILLNESSES.entries()) {
      const run = (running[index - AT_ONCE] ?? Promise.resolve()).then(() => course(illness))
      courses.set(illness.name, run)
      running.push(run.catch(() => undefined))
    }
  })

  for (const { name } of ILLNESSES) {
    describe(name, () => {
      let met: Course

      before(async () => {
        met = await (courses.get(name) ?? Promise.reject(new Error('never began')))
      })

      it('keeps nobody waiting longer than the budget and the handler', () => {
        for (const { client, answers, kept } of met.seen) {
          const longest = Math.max(kept.ms, ...answers.map(({ ms }) => ms))
          expect(longest, client).to.be.below(BUDGET_MS + HANDLER_MS + SLACK_MS)
        }
      })

      it('does not delay the tenth visitor and those who follow', () => {
        for (const { client, answers } of met.seen) {
          const later = answers.slice(9).map(({ ms }) => ms)
          // Less than any wait for Redis, that is.
          expect(median(later), client).to.be.below(BUDGET_MS)
          // Where it was not the illness that kept Redis from answering, that had to be found out once more.
          const more = met.stalledMs.ill > BUDGET_MS ? FAILURES : 0
          expect(later.filter(ms => ms > BUDGET_MS).length, `${client}, who waited for Redis`).to.be.at.most(1 + more)
        }
      })

      it('has every invalidation take effect or reject', () => {
        for (const { client, purge } of met.seen) {
          expect(purge.outcome, `${client}: ${String(purge.error)}`).to.equal(met.expected)
          if (purge.outcome === 'rejects') expect(purge.error, client).to.be.instanceOf(StoreError)
        }
        expect(met.violations, 'read what was older than an invalidation').to.deep.equal([])
      })

      it('is of use again within 3 s of its recovery', () => {
        for (const { client, recoveryMs } of met.seen) expect(recoveryMs, client).to.be.below(3000 + 2 * met.stalledMs.well)
      })

      it('lets a process close its cache and end', () => {
        const { closeMs, exitMs, code, said, unhandled } = met.left
        expect({ code, said, unhandled }).to.deep.equal({ code: 0, said: '', unhandled: [] })
        expect(closeMs).to.be.below(2000)
        expect(exitMs).to.be.below(2000 + SLACK_MS)
      })
    })
  }
})
