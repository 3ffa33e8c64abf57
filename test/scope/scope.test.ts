import { setImmediate, setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { Scope, Scopes } from '../../lib/scope/scope.js'

describe('A scope', () => {
  it('begins with the tags it is given, for ever fresh', () => {
    const scope = new Scope(['a', 'b', 'a'])
    expect([...scope.tags]).to.deep.equal(['a', 'b'])
    expect(scope.staleAt).to.equal(Infinity)
    expect(scope.never).to.equal(false)
  })

  it('takes on the tags of its parts, and the shortest life', () => {
    const scope = new Scope(['a'])
    scope.include({ tags: ['b'], staleAt: 500 })
    scope.include({ tags: ['a', 'c'], staleAt: 900 })
    expect([...scope.tags]).to.deep.equal(['a', 'b', 'c'])
    expect(scope.staleAt).to.equal(500)
  })
})

describe('The scope of the work in progress', () => {
  it('is none outside', () => {
    const scopes = new Scopes()
    expect(scopes.current).to.equal(undefined)
    scopes.run(new Scope(), () => undefined)
    expect(scopes.current).to.equal(undefined)
  })

  it('is found through await, timers and callbacks', async () => {
    const scopes = new Scopes()
    const scope = new Scope()
    const found = await scopes.run(scope, async () => {
      const seen = [scopes.current]
      await setImmediate()
      seen.push(scopes.current)
      await setTimeout(1)
      seen.push(scopes.current)
      await new Promise<void>(resolve => {
        process.nextTick(() => resolve(void seen.push(scopes.current)))
      })
      return seen
    })
    expect(found).to.deep.equal([scope, scope, scope, scope])
  })

  it('is the innermost, and the outer one again afterwards', async () => {
    const scopes = new Scopes()
    const [outer, inner] = [new Scope(), new Scope()]
    await scopes.run(outer, async () => {
      await scopes.run(inner, async () => {
        await setImmediate()
        expect(scopes.current).to.equal(inner)
      })
      expect(scopes.current).to.equal(outer)
    })
  })

  it('is each work’s own where several go on at once', async () => {
    const scopes = new Scopes()
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        const scope = new Scope()
        await scopes.run(scope, async () => {
          await setImmediate()
          expect(scopes.current).to.equal(scope)
        })
      }),
    )
  })

  it('is not another cache’s', () => {
    const [one, other] = [new Scopes(), new Scopes()]
    other.run(new Scope(), () => undefined)
    one.run(new Scope(), () => expect(other.current).to.equal(undefined))
  })

  it('returns what the work returns, and throws what it throws', () => {
    const scopes = new Scopes()
    expect(scopes.run(new Scope(), () => 7)).to.equal(7)
    expect(() =>
      scopes.run(new Scope(), () => {
        throw new Error('work')
      }),
    ).to.throw('work')
  })
})
