import type { Knex } from 'knex'
import { badRequest } from '../page-error.js'
import { seeOther } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { saveSent } from './edit-city.js'
import type { Announce } from './edit-city.js'
import { cityAsked } from './show-city.js'
import { countryAsked, showRefusedEdit } from './show-country.js'
import type { Country } from './show-country.js'

/** Saves the population of a city from its country's page, and leads back to it. */
export async function editCountry(db: Knex, announce: Announce | undefined, country: Country, request: PageRequest): Promise<Reply> {
  const { form } = request
  const asked = await countryAsked(country.rankings, request)
  const city = await cityAsked(db, form.get('city') ?? undefined)
  if (city.country !== asked.code) throw badRequest(`${city.name} lies in another country.`)
  const refused = await saveSent(db, announce, city, form)
  return refused === undefined ? seeOther(`${asked.path}#saved`) : showRefusedEdit(country, asked, request, { ...refused, city: city.id })
}
