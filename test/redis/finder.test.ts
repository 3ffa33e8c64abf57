import { expect } from 'chai'
import { performance } from 'node:perf_hooks'
import type { RedisClient } from '../../adapters/redis/redis-client.js'
import { Finder } from '../../adapters/redis/finder.js'
import { isRefusal } from '../../adapters/redis/refusal.js'
import { createCodec } from '../../lib/entries/codec.js'
import { Breaker } from '../../lib/stores/breaker.js'
import { sampleEntry } from '../../lib/testing/contract/promised.js'

const KEYS = ['a', 'b', 'c']
const codec = createCodec({})

describe('What is looked for in Redis by plain commands', () => {
  let writes: string[][]

  beforeEach(() => {
    writes = []
  })

  function finder(client: Partial<RedisClient>): Finder {
    const breaker = new Breaker(1000, () => performance.now(), isRefusal)
    return new Finder({ client: client as RedisClient, breaker, codec, prefix: 'e' })
  }

  /** The fields of a hash by its name, which ends in the key. */
  function fieldsOf(name: string): unknown {
    const key = name.slice('ee:'.length)
    return key === 'none' ? [null, null, null, null, null] : [...['epoch', '7', '9'].map(String), codec.encode(sampleEntry(key)), null]
  }

  function hmgetBuffer(name: string): Promise<unknown> {
    writes.push([name])
    return name.endsWith('broken') ? Promise.reject(refusal()) : Promise.resolve(fieldsOf(name))
  }

  function pipeline() {
    const names: string[] = []
    return {
      hmgetBuffer: (name: string) => names.push(name),
      exec: async () => {
        writes.push(names)
        return names.map(name => (name.endsWith('broken') ? ([refusal(), undefined] as const) : ([null, fieldsOf(name)] as const)))
      },
    }
  }

  it('is asked for with one write, if it is at once', async () => {
    const finding = finder({ hmgetBuffer, pipeline })
    const found = await Promise.all(KEYS.map(key => finding.find(key)))
    expect(found.map(each => each?.entry.key)).to.deep.equal(KEYS)
    expect(found[0]).to.include({ epoch: 'epoch' })
    expect(found[0]?.entry).to.include({ position: 7, staleAt: 9 })
    expect(writes).to.deep.equal([KEYS.map(key => `ee:${key}`)])
  })

  it('is asked for alone, if it is alone', async () => {
    const finding = finder({ hmgetBuffer, pipeline })
    for (const key of KEYS) expect((await finding.find(key))?.entry.key).to.equal(key)
    expect(writes).to.deep.equal(KEYS.map(key => [`ee:${key}`]))
  })

  for (const [kind, client] of Object.entries({ 'puts commands together': { hmgetBuffer, pipeline }, 'does not': { hmgetBuffer } })) {
    it(`is not there if there is nothing, or something else, and the rest is found (a client that ${kind})`, async () => {
      const found = await Promise.all(['a', 'none', 'broken', 'b'].map(key => finder(client).find(key)))
      expect(found.map(each => each?.entry.key)).to.deep.equal(['a', undefined, undefined, 'b'])
    })
  }

  const FAILURES: Readonly<Record<string, () => Promise<[Error | null, unknown][]>>> = {
    'the connection does': () => Promise.reject(new Error('lost')),
    'one of the replies is lost': async () =>
      KEYS.map((key, at) => (at === 1 ? [new Error('lost'), undefined] : [null, fieldsOf(`ee:${key}`)])),
  }
  for (const [what, exec] of Object.entries(FAILURES)) {
    it(`fails if ${what}, and as one question`, async () => {
      let questions = 0
      const ask = (question: () => Promise<unknown>) => (questions++, question())
      const client = { hmgetBuffer, pipeline: () => ({ hmgetBuffer: () => {}, exec }) }
      const finding = new Finder({ client: client as unknown as RedisClient, breaker: { ask } as unknown as Breaker, codec, prefix: 'e' })
      const failures = await Promise.all(KEYS.map(key => finding.find(key).then(String, (error: Error) => error.message)))
      expect([failures, questions]).to.deep.equal([KEYS.map(() => 'lost'), 1])
    })
  }
})

function refusal(): Error {
  const error = new Error('WRONGTYPE Operation against a key holding the wrong kind of value')
  return Object.assign(error, { name: 'ReplyError', command: { name: 'hmget' } })
}
