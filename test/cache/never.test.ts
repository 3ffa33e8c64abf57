import { expect } from 'chai'
import { createCache, type Cache } from 'smart-cache'
import { inside } from '../../lib/caches/cache.js'
import { heldLoad } from './held-load.js'
import { nextSignal } from './next-signal.js'

describe('What says that it is never to be kept', () => {
  it('is kept by nobody, and refused with that reason', async () => {
    const cache = createCache()
    const refused = nextSignal(cache, 'refuse')
    expect(await cache.getOrSet('k', () => never(cache))).to.equal('v')
    expect(await refused).to.deep.include({ namespace: '', key: 'k', reason: 'never' })
    expect(await cache.get('k')).to.equal(undefined)
  })

  it('hands that on to whatever is made of it', async () => {
    const cache = createCache()
    await cache.getOrSet('outer', () => cache.getOrSet('middle', () => cache.getOrSet('inner', () => never(cache))))
    for (const key of ['outer', 'middle', 'inner']) expect(await cache.get(key)).to.equal(undefined)
  })

  it('is loaded by all who waited for it, each for himself', async () => {
    const cache = createCache()
    const load = heldLoad()
    const first = cache.getOrSet('k', async () => {
      never(cache)
      return load.loader()
    })
    await load.begun
    const second = cache.getOrSet('k', () => 'own')
    load.answer.open('first')
    expect(await Promise.all([first, second])).to.deep.equal(['first', 'own'])
  })
})

function never(cache: Cache): string {
  const scope = inside(cache).engine.scopes.current
  if (scope !== undefined) scope.never = true
  return 'v'
}
