import type { Knex } from 'knex'
import { homePage } from '../pages/home-page.js'
import { largestCities } from '../queries/city-queries.js'
import { worldGrid } from '../queries/world-grid.js'
import type { Rankings } from '../rankings.js'
import { page } from '../reply.js'
import type { Reply } from '../route.js'

const LARGEST = 15

export async function showHome(db: Knex, rankings: Rankings): Promise<Reply> {
  const [largest, countries, grid] = await Promise.all([largestCities(db, LARGEST), rankings.countries(), worldGrid(db)])
  return page(homePage({ largest, countries, grid }))
}
