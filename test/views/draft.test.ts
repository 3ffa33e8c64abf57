import { expect } from 'chai'
import fc from 'fast-check'
import { Draft } from '../../adapters/views/draft.js'
import { runs } from '../property.js'

const later = (draft: Draft, block: Promise<string>) => draft.later(block, undefined)

describe('A draft', () => {
  it('has its blocks where their marks are, in whatever order they are there', async () => {
    const draft = new Draft()
    let there = (_html: string) => {}
    const one = later(draft, new Promise(resolve => (there = resolve)))
    const two = later(draft, Promise.resolve('two'))
    const settled = draft.settled(`<a>${two}</a>${one}${two}`)
    there('one')
    expect(await settled).to.equal('<a>two</a>onetwo')
  })

  it('takes nothing in a block for a mark, not even a mark', async () => {
    const draft = new Draft()
    let marks: string[] = []
    const made = async (text: () => string) => (await Promise.resolve(), text())
    marks = [
      later(
        draft,
        made(() => `${marks[1]}<b>`),
      ),
      later(
        draft,
        made(() => `${marks[0]}`),
      ),
    ]
    expect(await draft.settled(marks.join('|'))).to.equal(`${marks[1]}<b>|${marks[0]}`)
  })

  it('has marks that differ from those of any other, and are letters and digits', () => {
    const marks = Array.from({ length: 100 }, () => later(new Draft(), Promise.resolve('')))
    expect(new Set(marks).size).to.equal(100)
    for (const mark of marks) expect(mark).to.match(/^[\da-f]{38}$/)
  })

  it('rejects with the first error, and with that alone', async () => {
    const draft = new Draft()
    const text = later(draft, Promise.reject(new Error('one'))) + later(draft, Promise.reject(new Error('two')))
    expect(await draft.settled(text).catch((error: unknown) => String(error))).to.equal('Error: one')
    later(new Draft(), Promise.reject(new Error('nobody waits')))
  })

  it('refuses a text in which a mark is missing or changed', async () => {
    for (const change of [
      (mark: string) => mark.slice(0, -1),
      (mark: string) => mark.slice(1),
      () => '',
      (mark: string) => `${mark.slice(0, 20)} ${mark.slice(20)}`,
    ]) {
      const draft = new Draft()
      const error: unknown = await draft.settled(change(later(draft, Promise.resolve('')))).catch((caught: unknown) => caught)
      expect(error).to.have.property('code', 'ERR_CACHE_FRAGMENT')
    }
  })

  it('is its text and its blocks, whatever these are', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))), async pieces => {
        const draft = new Draft()
        const text = pieces.map(([before, block]) => before + later(draft, Promise.resolve(block))).join('')
        expect(await draft.settled(text)).to.equal(pieces.flat().join(''))
      }),
      runs(100),
    ))
})
