import { createCache } from 'smart-cache'
import { posts } from './posts.js'

const cache = createCache()

// A value: loaded once for everybody who asks, kept for half an hour, refreshed behind everybody's back for another minute.
const titles = () =>
  cache.getOrSet('titles', async () => (await posts.all()).map(post => post.title), { ttl: '30m', grace: '1m', tags: ['posts'] })
console.log(await titles())

// What is made of it depends on it: purging 'posts' ends both.
const menu = () => cache.getOrSet('menu', async () => (await titles()).join(' | '), { ttl: '1d' })
console.log(await menu())

await posts.rename(1, 'It was slow')
await cache.invalidate('posts')
console.log(await menu())

// Keys and tags of one tenant never meet another's.
const tenant = cache.namespace('tenant-7')
await tenant.set('greeting', 'hello', { ttl: '1h' })
console.log(await tenant.get('greeting'), await cache.get('greeting'))

// Everything says what it does.
cache.on('miss', ({ key, reason }) => console.log(`miss ${key}: ${reason}`))
await cache.get('nothing')
await cache.close()
