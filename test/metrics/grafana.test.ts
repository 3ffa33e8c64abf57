import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { COUNTERS, HISTOGRAMS } from '../../adapters/metrics/names.js'
import { ROOT } from '../source-text.js'

const text = readFileSync(join(ROOT, 'docs/grafana.json'), 'utf8')

describe('The dashboard for Grafana', () => {
  it('asks for series that there are, and for all of them but one', () => {
    const series = [
      ...Object.values(COUNTERS).map(({ name }) => name as string),
      ...Object.values(HISTOGRAMS).map(({ name }) => `${name}_bucket`),
    ]
    const asked = new Set(Array.from(text.matchAll(/smart_cache_\w+/g), ([name]) => name))
    expect([...asked].filter(name => !series.includes(name))).to.deep.equal([])
    expect(series.filter(name => !asked.has(name))).to.deep.equal(['smart_cache_served_bytes_total'])
  })

  it('has panels that do not lie over each other', () => {
    const { panels } = JSON.parse(text) as { panels: { id: number; gridPos: Record<'x' | 'y' | 'w' | 'h', number> }[] }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    )
    expect(new Set(cells).size).to.equal(cells.length)
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).to.equal(true)
  })
})
