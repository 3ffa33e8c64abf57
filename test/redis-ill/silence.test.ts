import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import type { FarShard } from '../../lib/stores/far.js'
import { Membership } from '../../lib/stores/membership.js'

const LONG_MS = 60_000

describe('Waiting for what another process loads', () => {
  const memberships: Membership[] = []

  afterEach(() => {
    for (const membership of memberships.splice(0)) membership.close()
  })

  /** A member of a journal that is as these say. */
  function member(far: Partial<FarShard>): Membership {
    const never = gate<never>()
    const renew = async () => ({ epoch: 'epoch', position: 0, records: [], lastId: '0-0' })
    const shard = { renew, listen: () => never, acknowledge: async () => {}, ...far } as FarShard
    const follower = { apply: () => {}, beginAnew: () => {} }
    const membership = new Membership(shard, 'member', { leaseMs: 1000, renewMs: 250 }, follower)
    memberships.push(membership)
    return membership
  }

  async function msWaited(membership: Membership): Promise<number> {
    const startedAt = performance.now()
    await membership.leases.listenFor('key').released(LONG_MS)
    return performance.now() - startedAt
  }

  it('looks again after a second if no news come', async () => {
    expect(await msWaited(member({}))).to.be.within(900, 3000)
  })

  it('looks again at once when a renewal fails', async () => {
    const failed = gate<never>()
    const membership = member({ renew: () => failed })
    membership.start()
    const waited = msWaited(membership)
    failed.fail(new Error('out of reach'))
    expect(await waited).to.be.below(500)
  })

  it('looks again at once when it can listen no more', async () => {
    const heard = gate<undefined>()
    const cut = gate<never>()
    let times = 0
    const membership = member({ listen: () => (times++ === 0 ? heard : cut) })
    membership.start()
    const waited = msWaited(membership)
    heard.open(undefined)
    await heard
    cut.fail(new Error('cut'))
    expect(await waited).to.be.below(500)
  })

  it('ends when the cache is closed', async () => {
    const membership = member({})
    const waited = msWaited(membership)
    membership.close()
    expect(await waited).to.be.below(500)
  })
})
