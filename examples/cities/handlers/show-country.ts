import { badRequest, notFound } from '../page-error.js'
import { CITIES_PER_PAGE, countryPage } from '../pages/country-page.js'
import type { Rankings } from '../rankings.js'
import { movedTo, page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { countryTag } from '../tags.js'

export async function showCountry(rankings: Rankings, { params: { code = '' }, query, tag }: PageRequest): Promise<Reply> {
  if (/^[a-z]{2}$/i.test(code) && code !== code.toUpperCase()) return movedTo(`/countries/${code.toUpperCase()}`)
  const number = pageNumber(query.get('page') ?? '1')
  const cities = /^[A-Z]{2}$/.test(code) ? await rankings.citiesOf(code) : []
  if (cities.length === 0) throw notFound('No country with cities has this code. Codes have two letters, such as CH or BR.')
  if (number > Math.ceil(cities.length / CITIES_PER_PAGE)) throw notFound('The list of cities is shorter than that.')
  tag(countryTag(code))
  return page(countryPage(code, cities, number))
}

function pageNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw badRequest(`“${text.slice(0, 40)}” is not the number of a page.`)
  return Number(text)
}
