import { expect } from 'chai'
import { Signals } from '../../lib/signals/signals.js'

interface Events {
  hit: { readonly key: string }
  miss: { readonly key: string }
}

describe('A signal', () => {
  it('reaches everybody who listens to it, at once and in order', () => {
    const signals = new Signals<Events>()
    const heard: string[] = []
    signals.on('hit', ({ key }) => void heard.push(`first ${key}`))
    signals.on('hit', ({ key }) => void heard.push(`second ${key}`))
    signals.on('miss', () => void heard.push('miss'))
    signals.emit('hit', { key: 'a' })
    expect(heard).to.deep.equal(['first a', 'second a'])
  })

  it('reaches nobody who listens no more', () => {
    const signals = new Signals<Events>()
    const heard: string[] = []
    const listener = () => void heard.push('off')
    const off = signals.on('hit', () => void heard.push('returned'))
    signals.on('hit', listener)
    off()
    signals.off('hit', listener)
    signals.emit('hit', { key: 'a' })
    expect(heard).to.deep.equal([])
  })

  it('is heard while somebody listens to it', () => {
    const signals = new Signals<Events>()
    expect(signals.heard('hit')).to.equal(false)
    const off = [signals.on('hit', () => undefined), signals.on('hit', () => undefined)]
    expect(signals.heard('hit')).to.equal(true)
    expect(signals.heard('miss')).to.equal(false)
    off[0]?.()
    expect(signals.heard('hit')).to.equal(true)
    off[1]?.()
    expect(signals.heard('hit')).to.equal(false)
  })

  it('bears a listener that takes itself off', () => {
    const signals = new Signals<Events>()
    const heard: string[] = []
    const off = signals.on('hit', () => {
      off()
      heard.push('once')
    })
    signals.on('hit', () => void heard.push('always'))
    signals.emit('hit', { key: 'a' })
    signals.emit('hit', { key: 'a' })
    expect(heard).to.deep.equal(['once', 'always', 'always'])
  })

  it('bears being taken off by who never listened', () => {
    new Signals<Events>().off('hit', () => undefined)
  })

  const thrown = new Error('broken')
  const rows = [
    [thrown, thrown],
    ['broken', 'broken'],
    [undefined, 'undefined'],
  ] as const
  for (const [error, warning] of rows) {
    it(`is not disturbed by a listener that throws ${typeof error}: that becomes a warning`, () => {
      const signals = new Signals<Events>()
      const heard: string[] = []
      signals.on('hit', () => {
        throw error
      })
      signals.on('hit', ({ key }) => void heard.push(key))
      const warnings = warningsOf(() => signals.emit('hit', { key: 'a' }))
      expect(heard).to.deep.equal(['a'])
      expect(warnings).to.deep.equal([[warning, { type: 'SmartCacheWarning', detail: "A listener of 'hit' threw." }]])
    })
  }
})

/** What the work warns of, instead of warning. */
function warningsOf(work: () => void): readonly unknown[][] {
  const warnings: unknown[][] = []
  const { emitWarning } = process
  process.emitWarning = (...warning: unknown[]) => void warnings.push(warning)
  try {
    work()
  } finally {
    process.emitWarning = emitWarning
  }
  return warnings
}
