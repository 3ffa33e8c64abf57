import { expect } from 'chai'
import { gate } from 'smart-cache/testing'

describe('gate', () => {
  it('holds up who waits until it is opened', async () => {
    const answer = gate<string>()
    const order: string[] = []
    const waiting = answer.then(value => order.push(value))
    await Promise.resolve()
    order.push('before')
    answer.open('after')
    await waiting
    expect(order).to.deep.equal(['before', 'after'])
  })

  it('can fail', async () => {
    const answer = gate<string>()
    const error = new Error('e')
    answer.fail(error)
    expect(await Promise.allSettled([answer])).to.deep.equal([{ status: 'rejected', reason: error }])
  })

  it('is open or failed once', async () => {
    const answer = gate<number>()
    answer.open(1)
    answer.open(2)
    answer.fail(new Error('e'))
    expect(await answer).to.equal(1)
  })

  it('opens for nothing if nothing is said', async () => {
    const begun = gate()
    begun.open()
    expect(await begun).to.equal(undefined)
  })

  it('that fails with nobody waiting disturbs nobody', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    gate().fail(new Error('e'))
    await new Promise(resolve => setImmediate(resolve))
    process.off('unhandledRejection', note)
    expect(unhandled).to.deep.equal([])
  })
})
