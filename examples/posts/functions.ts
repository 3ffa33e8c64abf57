import { createCache } from 'smart-cache'
import { posts } from './posts.js'

const cache = createCache()

// Same parameters, same types; kept by its arguments.
const post = cache.cached((id: number) => posts.find(id), { key: 'post:{0}', ttl: '10m', tags: id => [`post:${id}`] })
console.log(await post(1))
await post.refresh(1) // loaded anew; the old one is served meanwhile
await post.invalidate(1)
console.log(post.keyFor(1), await post.entry(1)) // post:1 undefined

// Several at once: what is missing, by one call.
const titles = cache.cached(async (id: number) => (await posts.find(id))?.title, {
  name: 'title',
  loadMany: async calls => {
    const all = await posts.all()
    return calls.map(([id]) => all.find(one => one.id === id)?.title)
  },
})
console.log(await titles.many([[1], [2]]))

// The same on a method.
class Blog {
  @cache.cached({ ttl: '10m', tags: ['posts'] })
  async headline(length: number) {
    const [first] = await posts.all()
    return first?.title.slice(0, length)
  }
}
console.log(await new Blog().headline(10))

// Under a label, by named arguments: a changed row ends exactly what it touches.
cache.define('search', {
  load: async (word: string) => (await posts.all()).filter(({ title }) => title.split(' ').includes(word)),
  ttl: '1d',
  dependsOn: { post: { outdated: row => ({ word: String(row['title']).split(' ') }) } },
})
console.log(await cache.load('search', { word: 'is' }))
const [before] = await posts.all()
await posts.rename(1, 'Renamed')
await cache.signals.saved('post', { before, after: { id: 1, title: 'Renamed' } })
console.log(await cache.load('search', { word: 'Renamed' }))
await cache.close()
