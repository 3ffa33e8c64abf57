import type { Knex } from 'knex'
import type { City } from '../city.js'
import { notFound } from '../page-error.js'
import { cityPage } from '../pages/city-page.js'
import type { RefusedEdit } from '../pages/population-form.js'
import { findCity } from '../queries/city-queries.js'
import { nearestCities } from '../queries/nearest-cities.js'
import { page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { cityTag } from '../tags.js'

const NEIGHBOURS = 20

export async function showCity(db: Knex, { params, tag, token }: PageRequest): Promise<Reply> {
  const city = await cityAsked(db, params['id'])
  const neighbours = await neighboursOf(db, city)
  tag(...[city, ...neighbours.map(neighbour => neighbour.city)].map(cityTag))
  return page(cityPage(city, neighbours, token()))
}

/** The same page again, with what is wrong about the edit. */
export async function showRefusedEdit(db: Knex, city: City, token: string, refused: RefusedEdit): Promise<Reply> {
  return page(cityPage(city, await neighboursOf(db, city), token, refused), 422)
}

/** The city an address names, or the page that says there is none. */
export async function cityAsked(db: Knex, id = ''): Promise<City> {
  const city = /^\d{1,12}$/.test(id) ? await findCity(db, Number(id)) : undefined
  if (city === undefined) throw notFound('No city has this number. A search by name finds the cities there are.')
  return city
}

async function neighboursOf(db: Knex, city: City): ReturnType<typeof nearestCities> {
  const nearest = await nearestCities(db, city, NEIGHBOURS + 1)
  return nearest.filter(neighbour => neighbour.city.id !== city.id).slice(0, NEIGHBOURS)
}
