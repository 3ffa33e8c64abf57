import type { Knex } from 'knex'
import type { City } from '../city.js'
import { foldName } from '../fold-name.js'
import { byPopulation } from './city-queries.js'

export interface Search {
  readonly text: string
  readonly country: string | undefined
}

export interface Found {
  readonly total: number
  /** The largest of them, largest first. */
  readonly cities: readonly City[]
}

/** Cities whose name contains the text, accents and case aside. */
export async function searchCities(db: Knex, search: Search, limit: number): Promise<Found> {
  const matching = db('cities').whereRaw("folded LIKE ? ESCAPE '\\'", [`%${escapeLike(foldName(search.text))}%`])
  if (search.country !== undefined) matching.andWhere({ country: search.country })
  const [counted, cities] = await Promise.all([
    matching.clone().count({ total: '*' }).first<{ readonly total: number }>(),
    byPopulation(matching.clone().select('id', 'name', 'country', 'kind', 'population', 'latitude', 'longitude')).limit(limit),
  ])
  return { total: counted.total, cities }
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
