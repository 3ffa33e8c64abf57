import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { keptCountryParts } from '../../examples/cities/country-parts.js'
import { openDatabase } from '../../examples/cities/database/open-database.js'
import { setPopulation } from '../../examples/cities/queries/city-queries.js'
import { keptRankings } from '../../examples/cities/rankings.js'

const ROWS = [
  { id: 1, name: 'Bern', country: 'CH', kind: 'PPLC', population: 121_631, latitude: 46.95, longitude: 7.45 },
  { id: 2, name: '<i>Thun', country: 'CH', kind: 'PPL', population: 42_136, latitude: 46.76, longitude: 7.63 },
  { id: 3, name: 'Berlin', country: 'DE', kind: 'PPLC', population: 3_426_354, latitude: 52.52, longitude: 13.41 },
]

describe('The parts of a country’s page', () => {
  let folder: string
  let opened: Knex

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cities-'))
    opened = await openDatabase(join(folder, 'cities.sqlite'))
    await opened.schema.dropTableIfExists('cities')
    await opened.schema.createTable('cities', table => {
      for (const name of ['id', 'population', 'latitude', 'longitude']) table.float(name)
      for (const name of ['name', 'country', 'kind', 'folded']) table.string(name)
    })
    await opened('cities').insert(ROWS)
  })

  afterEach(async () => {
    await opened.destroy()
    await rm(folder, { recursive: true })
  })

  it('are made anew as far as an edit changes what they show', async () => {
    const cache = createCache()
    const db = cacheQueries(opened, cache, { tables: { cities: { rowsBy: ['id', 'country'] } } })
    const parts = keptCountryParts(db, cache, keptRankings(db, cache))
    const made: string[] = []
    cache.on('fill', ({ key }) => {
      const [, name] = /"(ranking|map|largest cities|sizes|cities)"/.exec(key) ?? []
      if (name !== undefined) made.push(name)
    })
    const pageOf = async (code: string): Promise<readonly string[]> => {
      made.length = 0
      const page = await Promise.all([parts.ranking(code), parts.map(code), parts.largest(code), parts.sizes(code), parts.cities(code, 1)])
      expect(page.join('')).to.not.include('<i>')
      return made.toSorted()
    }
    const all = ['cities', 'largest cities', 'map', 'ranking', 'sizes']
    expect([await pageOf('CH'), await pageOf('DE')]).to.deep.equal([all, all])
    expect([await pageOf('CH'), await pageOf('DE')]).to.deep.equal([[], []])

    await setPopulation(db, { id: 2, country: 'CH' }, 200_000)
    expect([await pageOf('CH'), await pageOf('DE')]).to.deep.equal([['cities', 'largest cities', 'sizes'], []])
    expect(String(await parts.cities('CH', 1))).to.match(/Thun[^]+200,000[^]+Bern[^]+121,631/)
    await cache.close()
  })
})
