import { expect } from 'chai'
import { createCache, KeyError, type FragmentsOptions, type Reading } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import { storeWith } from '../pages/stores.js'
import { STORES } from '../races/stores.js'

interface Post {
  readonly id: number
  readonly title: string
}

const posts: readonly Post[] = Array.from({ length: 20 }, (_, id) => ({ id, title: `post ${id}` }))

for (const [name, store] of Object.entries(STORES)) {
  describe(`Fragments of a list in ${name}`, () => {
    function list() {
      const cache = createCache({ store: store() })
      const renders: number[] = []
      const rows = async (items: Iterable<Post>, options: FragmentsOptions<Post> = {}) => {
        renders.length = 0
        return cache.fragments('row', items, options, async ({ id, title }, index) => {
          renders.push(id)
          await Promise.resolve()
          return `<li>${title}${index < 0 ? 'never' : ''}</li>`
        })
      }
      return { cache, rows, renders }
    }

    it('come in the order of the items', async () => {
      const { rows } = list()
      const html = posts.map(({ title }) => `<li>${title}</li>`)
      expect(await rows(posts)).to.deep.equal(html)
      expect(await rows(posts.toReversed())).to.deep.equal(html.toReversed())
      expect(await rows(new Set(posts))).to.deep.equal(html)
      expect(await rows([])).to.deep.equal([])
    })

    it('are rendered where they are missing, and nowhere else', async () => {
      const { rows, renders } = list()
      await rows(posts.slice(0, 10))
      await rows(posts)
      expect(renders.toSorted((a, b) => a - b)).to.deep.equal([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
      await rows(posts)
      expect(renders).to.deep.equal([])
    })

    it('are rendered anew for the one item that has changed', async () => {
      const { rows, renders } = list()
      await rows(posts)
      const html = await rows(posts.map(post => (post.id === 7 ? { ...post, title: 'new' } : post)))
      expect(renders).to.deep.equal([7])
      expect(html[7]).to.equal('<li>new</li>')
    })

    it('are rendered anew for the one item that was purged, and what encloses them with it', async () => {
      const { cache, rows, renders } = list()
      let whole = 0
      const page = () =>
        cache.fragment('list', {}, async () => {
          whole++
          return (await rows(posts, { key: '{id}', tags: ({ id }) => [`post:${id}`] })).join('')
        })
      await page()
      await cache.invalidate('post:7')
      renders.length = 0
      await page()
      expect([renders, whole]).to.deep.equal([[7], 2])
    })

    it('are told apart by what `key` and `vary` say', async () => {
      const { rows, renders } = list()
      await rows(posts, { key: ({ id }) => id })
      const renamed = posts.map(({ id }) => ({ id, title: 'new' }))
      expect(await rows(renamed, { key: ({ id }) => id })).to.include('<li>post 3</li>')
      await rows(posts, { key: ({ id }) => id, vary: ['de'] })
      expect(renders).to.have.length(posts.length)
      await rows(renamed, { key: '{id}', vary: ({ title }) => [title] })
      expect(renders).to.have.length(posts.length)
      await rows(renamed, { key: '{id}', vary: ({ title }) => [title] })
      expect(renders).to.deep.equal([])
    })

    it('are rendered once where an item comes twice', async () => {
      const { rows, renders } = list()
      const [first] = posts
      expect(first === undefined ? [] : await rows([first, { ...first }])).to.deep.equal(['<li>post 0</li>', '<li>post 0</li>'])
      expect(renders).to.deep.equal([0])
    })
  })
}

describe('Fragments of a list', () => {
  it('are all asked for before the first answer: one round trip', async () => {
    const answer = gate()
    let [asked, renders] = [0, 0]
    const store = storeWith(memory => ({
      peek: () => undefined,
      read: async (...args): Promise<Reading> => {
        asked++
        await answer
        return memory.read(...args)
      },
    }))
    const cache = createCache({ store })
    const all = cache.fragments('row', posts, {}, ({ title }) => {
      renders++
      return title
    })
    await new Promise(setImmediate)
    expect([asked, renders]).to.deep.equal([posts.length, 0])
    answer.open()
    expect(await all).to.deep.equal(posts.map(({ title }) => title))
  })

  it('fail with one that fails, and keep the others', async () => {
    const cache = createCache()
    const renders: number[] = []
    let fails = true
    const rows = () =>
      cache.fragments('row', posts.slice(0, 3), {}, ({ id }) => {
        renders.push(id)
        if (fails && id === 1) throw new Error('post 1')
        return `${id}`
      })
    expect(await rows().catch((error: Error) => error.message)).to.equal('post 1')
    fails = false
    expect(await rows()).to.deep.equal(['0', '1', '2'])
    expect(renders).to.deep.equal([0, 1, 2, 1])
  })

  it('refuse items that are more than data, unless they say what tells them apart', async () => {
    class Model {
      readonly id = 1
    }
    const cache = createCache()
    const rows = (options: FragmentsOptions<Model>) => cache.fragments('row', [new Model()], options, ({ id }) => `${id}`)
    expect(await rows({}).catch((error: unknown) => error)).to.be.instanceOf(KeyError)
    expect(await rows({ key: '{id}' })).to.deep.equal(['1'])
  })
})
