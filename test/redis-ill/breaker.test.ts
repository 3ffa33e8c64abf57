import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { gate, type Gate } from 'smart-cache/testing'
import { Breaker } from '../../lib/stores/breaker.js'

const BUDGET_MS = 30

describe('The breaker', () => {
  let now: number
  let breaker: Breaker
  let asked: number
  let silent: Gate<string>

  beforeEach(() => {
    now = 0
    asked = 0
    silent = gate<string>()
    breaker = new Breaker(BUDGET_MS, () => now)
  })

  const answering = async () => {
    asked++
    return 'answer'
  }
  const failing = async () => {
    asked++
    throw new Error('ECONNREFUSED')
  }
  const keepingSilent = () => {
    asked++
    return silent
  }
  const failure = (question: Promise<unknown>) => question.then(String, (error: Error) => error.message)

  async function open(question: () => Promise<unknown>): Promise<void> {
    for (let failures = 0; failures < 3; failures++) await failure(breaker.ask(question))
    asked = 0
  }

  it('hands on answers and failures', async () => {
    expect(await breaker.ask(answering)).to.equal('answer')
    expect(await failure(breaker.ask(failing))).to.equal('ECONNREFUSED')
  })

  it('waits no longer than the budget', async () => {
    expect(await failure(breaker.ask(keepingSilent))).to.equal('no answer within 30 ms')
  })

  it('does not take its own process being busy for silence', async () => {
    const busyUntil = performance.now() + 3 * BUDGET_MS
    const answer = breaker.ask(() => wait(1, 'answer'))
    while (performance.now() < busyUntil);
    expect(await failure(answer)).to.equal('answer')
  })

  it('puts no question after three failures in a row, however long ago they were', async () => {
    await open(failing)
    for (now = 0; now < 60_000; now += 1000) expect(await failure(breaker.ask(answering))).to.contain('out of reach')
    expect(asked).to.equal(0)
  })

  it('closes with the first probe that is answered', async () => {
    await open(failing)
    expect(await breaker.probe(answering)).to.equal('answer')
    expect(await breaker.ask(answering)).to.equal('answer')
  })

  it('stays open when a probe fails', async () => {
    await open(failing)
    await failure(breaker.probe(failing))
    expect(await failure(breaker.ask(answering))).to.contain('out of reach')
  })

  it('does not close with an answer that came too late', async () => {
    await open(keepingSilent)
    silent.open('late')
    await silent
    expect(await failure(breaker.ask(answering))).to.contain('out of reach')
  })

  it('puts probe after probe while each is refused', async () => {
    await open(failing)
    for (let probes = 0; probes < 10; probes++) await failure(breaker.probe(failing))
    expect(asked).to.equal(10)
  })

  it('puts fewer and fewer probes behind questions that are not answered', async () => {
    await open(keepingSilent)
    const hour = 3_600_000
    const probe = async () => {
      try {
        await breaker.probe(keepingSilent)
      } catch {
        // The clock of the test does not wait for budgets.
      }
    }
    const probes: Promise<void>[] = []
    for (now = 0; now < hour; now += 250) probes.push(probe())
    await Promise.all(probes)
    expect(asked).to.be.within(20, 200)
  })

  it('probes again as soon as those before have been answered', async () => {
    await open(keepingSilent)
    await failure(breaker.probe(keepingSilent))
    await failure(breaker.probe(keepingSilent))
    expect(asked).to.equal(1)
    silent.open('late')
    await wait(0)
    expect(await breaker.probe(answering)).to.equal('answer')
  })

  it('tells a question in two parts that nobody waits for the second', async () => {
    const parts: boolean[] = []
    await failure(
      breaker.ask(async attempt => {
        parts.push(attempt.over)
        await silent
        parts.push(attempt.over)
      }),
    )
    silent.open('first part')
    await wait(0)
    expect(parts).to.deep.equal([false, true])
  })
})
