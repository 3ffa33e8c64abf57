import assert from 'node:assert/strict'
import { createCache } from 'smart-cache'
import { gate } from 'smart-cache/testing'

const cache = createCache()

const answer = gate<string>()
const asked = cache.getOrSet('greeting', () => answer)
await cache.invalidate({ key: 'greeting' }) // in the middle of the load
answer.open('hello')

assert.equal(await asked, 'hello') // an answer for who asked before the purge …
assert.equal(await cache.get('greeting'), undefined) // … and kept for nobody
await cache.close()
