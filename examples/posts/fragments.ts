import { createCache } from 'smart-cache'
import { posts, type Post } from './posts.js'

const cache = createCache()
let renders = 0

const row = ({ title }: Post) => {
  renders++
  return `<li>${title}</li>`
}

async function page(user: string): Promise<string> {
  // Each row is kept by itself, and the list of them too.
  const list = await cache.fragment('list', { ttl: '1h', tags: ['posts'] }, async () => {
    const rows = await cache.fragments('row', await posts.all(), { ttl: '1d' }, row)
    return `<ul>${rows.join('')}</ul>`
  })
  const greeting = await cache.fragment('greeting', { ttl: '30m', vary: [user] }, () => `<p>Hello ${user}</p>`)
  return greeting + list
}

console.log(await page('Ada'), renders)
await posts.insert('Kept in parts')
await cache.invalidate('posts') // the list is made anew, of the rows that are kept and one that is not
console.log(await page('Ada'), renders)
