import { badRequest } from '../page-error.js'
import { COUNTRY_ORDERS, countriesPage } from '../pages/countries-page.js'
import type { Rankings } from '../rankings.js'
import { page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'

export async function showCountries(rankings: Rankings, { query }: PageRequest): Promise<Reply> {
  const asked = query.get('by') ?? 'population'
  const by = COUNTRY_ORDERS.find(order => order === asked)
  if (by === undefined) throw badRequest(`Countries can be ranked by ${COUNTRY_ORDERS.join(' or ')}, not by “${asked.slice(0, 40)}”.`)
  return page(countriesPage(await rankings.countries(), by))
}
