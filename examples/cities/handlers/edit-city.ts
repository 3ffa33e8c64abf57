import type { Knex } from 'knex'
import { parsePopulation } from '../population.js'
import { setPopulation } from '../queries/city-queries.js'
import { seeOther } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { tagsOfEdit } from '../tags.js'
import { cityAsked, showRefusedEdit } from './show-city.js'

/** What a write needs of the cache. */
export interface Purger {
  invalidate(tags: readonly string[]): Promise<unknown>
}

/** Saves a population, purges the pages that can show it once it is saved, and leads back to the city. */
export async function editCity(db: Knex, cache: Purger, { params, form }: PageRequest): Promise<Reply> {
  const city = await cityAsked(db, params['id'])
  const sent = form.get('population') ?? ''
  const parsed = parsePopulation(sent)
  if ('problem' in parsed) return showRefusedEdit(db, city, { sent, problem: parsed.problem })
  const changed = await setPopulation(db, city.id, parsed.population)
  if (changed) await cache.invalidate(tagsOfEdit(city))
  return seeOther(`/cities/${city.id}#saved`)
}
