import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCache } from 'smart-cache'
import { cacheQueries } from 'smart-cache/knex'
import { openDatabase } from '../../examples/cities/database/open-database.js'
import { prepareDatabase } from '../../examples/cities/database/prepare-database.js'
import { findCity, setPopulation } from '../../examples/cities/queries/city-queries.js'
import { listCountries } from '../../examples/cities/queries/country-queries.js'

/*
 * How many of the reads of cities are answered from what is kept, while some are written to, with rows told apart and without:
 *   npm run bench:rows
 */
const TURNS = 10_000
const folder = await mkdtemp(join(tmpdir(), 'smart-cache-rows-'))
const filename = join(folder, 'cities.sqlite')
try {
  await prepareDatabase(filename, new AbortController().signal)
  for (const writes of [0.01, 0.1]) {
    const [without, by] = [await hitRate(writes, []), await hitRate(writes, ['id', 'country'])]
    console.log(`${100 * writes} % writes: ${percent(without)} hits; with rows told apart by id and country ${percent(by)}`)
  }
} finally {
  await rm(folder, { recursive: true })
}

/** Mostly one of a thousand cities by its number, some by one of ten countries, and now and then the totals of all countries. */
async function hitRate(writes: number, rowsBy: readonly string[]): Promise<number> {
  const cache = createCache()
  const db = cacheQueries(await openDatabase(filename), cache, { tables: { cities: { rowsBy, ttl: '1h' } } })
  const known = await db('cities').orderBy('population', 'desc').limit(1_000).select('id', 'country').noCache()
  let [hits, reads, state] = [0, 0, 1]
  const below = (end: number) => (state = (state * 48_271) % 2_147_483_647) % end
  cache.on('hit', () => hits++)
  for (let turn = 0; turn < TURNS; turn++) {
    const city = known[below(known.length)]
    if (city === undefined) break
    const what = below(1_000)
    if (what < writes * 1_000) await setPopulation(db, city, 1_000 + turn)
    else {
      reads++
      if (what % 100 === 99) await listCountries(db)
      else if (what % 10 === 9)
        await db('cities')
          .where({ country: known[below(10)]?.country })
          .max({ most: 'population' })
      else await findCity(db, city.id)
    }
  }
  await Promise.all([db.destroy(), cache.close()])
  return hits / reads
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`
}
