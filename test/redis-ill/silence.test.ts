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

  function looksAgain(membership: Membership): Promise<void> {
    return membership.leases.listenFor('key').released(LONG_MS)
  }

  /** Somebody who has nothing to hear looks again after a second: who does so before that was woken. */
  async function expectWoken(looks: Promise<void>): Promise<void> {
    const other = looksAgain(member({})).then(() => 'after a second')
    expect(await Promise.race([looks.then(() => 'at once'), other])).to.equal('at once')
  }

  it('looks again after a second if no news come', async function () {
    this.timeout(LONG_MS / 2)
    await looksAgain(member({}))
  })

  it('looks again at once when a renewal fails', async () => {
    const failed = gate<never>()
    const membership = member({ renew: () => failed })
    membership.start()
    const looks = looksAgain(membership)
    failed.fail(new Error('out of reach'))
    await expectWoken(looks)
  })

  it('looks again at once when it can listen no more', async () => {
    const heard = gate<undefined>()
    const cut = gate<never>()
    let times = 0
    const membership = member({ listen: () => (times++ === 0 ? heard : cut) })
    membership.start()
    const looks = looksAgain(membership)
    heard.open(undefined)
    await heard
    cut.fail(new Error('cut'))
    await expectWoken(looks)
  })

  it('ends when the cache is closed', async () => {
    const membership = member({})
    const looks = looksAgain(membership)
    membership.close()
    await expectWoken(looks)
  })
})
