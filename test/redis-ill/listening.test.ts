import { EventEmitter } from 'node:events'
import { mock } from 'node:test'
import { expect } from 'chai'
import { RedisShard } from '../../adapters/redis/redis-shard.js'
import { createCodec } from '../../lib/entries/codec.js'
import { Breaker } from '../../lib/stores/breaker.js'

/** As long as a connection may be silent that is asked for news each second. */
const SILENCE_MS = 3_000

/** A connection over which nothing ever comes. */
class Silent extends EventEmitter {
  /** How often it was given up. */
  givenUp = 0

  xreadBuffer(): Promise<unknown> {
    return new Promise(() => {})
  }

  disconnect(): void {
    this.givenUp++
  }
}

describe('Listening over a connection', () => {
  let listener: Silent
  let shard: RedisShard

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    listener = new Silent()
    const client = { callBuffer: () => new Promise(() => {}) }
    const breaker = new Breaker(250, () => 0)
    const codec = createCodec({})
    shard = new RedisShard({ client, listener, prefix: '{p:0}:', member: 'm', codec, breaker, budgetMs: 250, fillLeaseMs: 10_000 })
  })

  afterEach(() => mock.timers.reset())

  const listen = () => shard.listen('0-0').catch((error: Error) => error.message)

  it('gives it up when nothing comes, not even the end of a wait', async () => {
    const heard = listen()
    mock.timers.tick(SILENCE_MS - 1)
    expect(listener.givenUp).to.equal(0)
    mock.timers.tick(1)
    expect(listener.givenUp).to.equal(1)
    expect(await heard).to.equal('The connection was lost')
  })

  it('does not hold against it how long the one before was silent', async () => {
    const first = listen()
    mock.timers.tick(SILENCE_MS - 1)
    listener.emit('close')
    expect(await first).to.equal('The connection was lost')
    const second = listen()
    mock.timers.tick(SILENCE_MS - 1)
    expect(listener.givenUp).to.equal(0)
    mock.timers.tick(1)
    expect(listener.givenUp).to.equal(1)
    expect(await second).to.equal('The connection was lost')
  })
})
