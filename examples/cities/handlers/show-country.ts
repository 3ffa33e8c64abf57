import type { City } from '../city.js'
import type { CountryParts } from '../country-parts.js'
import { badRequest, notFound } from '../page-error.js'
import { CITIES_PER_PAGE, countryPage } from '../pages/country-page.js'
import type { RefusedEdit } from '../pages/population-form.js'
import type { Rankings } from '../rankings.js'
import { movedTo, page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { countryTag } from '../tags.js'

/** What a country's page is made of. */
export interface Country {
  readonly rankings: Rankings
  readonly parts: CountryParts
}

/** The page of a country's cities that an address names. */
export interface CountryAsked {
  readonly code: string
  /** All of them, largest first. */
  readonly cities: readonly City[]
  readonly number: number
  readonly path: string
}

export async function showCountry(country: Country, request: PageRequest): Promise<Reply> {
  const { code = '' } = request.params
  if (/^[a-z]{2}$/i.test(code) && code !== code.toUpperCase()) return movedTo(`/countries/${code.toUpperCase()}`)
  const asked = await countryAsked(country.rankings, request)
  request.tag(countryTag(code))
  return page(await pageOf(country, asked, request))
}

/** The same page again, with what is wrong about the edit. */
export async function showRefusedEdit(country: Country, asked: CountryAsked, request: PageRequest, refused: RefusedEdit): Promise<Reply> {
  return page(await pageOf(country, asked, request, refused), 422)
}

/** What an address names, or the page that says there is none. */
export async function countryAsked(rankings: Rankings, { params: { code = '' }, query }: PageRequest): Promise<CountryAsked> {
  const number = pageNumber(query.get('page') ?? '1')
  const cities = /^[A-Z]{2}$/.test(code) ? await rankings.citiesOf(code) : []
  if (cities.length === 0) throw notFound('No country with cities has this code. Codes have two letters, such as CH or BR.')
  if (number > Math.ceil(cities.length / CITIES_PER_PAGE)) throw notFound('The list of cities is shorter than that.')
  return { code, cities, number, path: `/countries/${code}${number > 1 ? `?page=${number}` : ''}` }
}

async function pageOf({ parts }: Country, asked: CountryAsked, { greeting, token }: PageRequest, refused?: RefusedEdit): Promise<string> {
  const { code, number } = asked
  const [largest, map, sizes, ranking, table] = await Promise.all([
    parts.largest(code),
    parts.map(code),
    parts.sizes(code),
    parts.ranking(code),
    parts.cities(code, number),
  ])
  return countryPage({ ...asked, largest, map, sizes, ranking, table, greeting: greeting(), token: token(), refused })
}

function pageNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw badRequest(`“${text.slice(0, 40)}” is not the number of a page.`)
  return Number(text)
}
