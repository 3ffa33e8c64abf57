import type { Knex } from 'knex'
import { foldName } from '../fold-name.js'
import { badRequest } from '../page-error.js'
import { searchPage } from '../pages/search-page.js'
import { countryCodes } from '../queries/country-queries.js'
import { searchCities } from '../queries/search-cities.js'
import type { Found, Search } from '../queries/search-cities.js'
import { page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { WORLD, cityTag, countryTag } from '../tags.js'

const LONGEST_TEXT = 80
const MOST_RESULTS = 50

export async function showSearch(db: Knex, { query, tag }: PageRequest): Promise<Reply> {
  const countries = await countryCodes(db)
  const search = { text: (query.get('q') ?? '').trim(), country: query.get('country') || undefined }
  if (search.text.length > LONGEST_TEXT) throw badRequest(`No city has a name longer than ${LONGEST_TEXT} letters.`)
  if (search.country !== undefined && !countries.includes(search.country))
    throw badRequest(`There is no country “${search.country.slice(0, 40)}” to search in.`)
  const found = foldName(search.text) === '' ? undefined : await searchCities(db, search, MOST_RESULTS)
  if (found) tag(...tagsOf(search, found))
  return page(searchPage({ search, found, countries }))
}

/** A complete list changes only with the cities on it; into the top of a longer one any other city could grow. */
function tagsOf(search: Search, { total, cities }: Found): readonly string[] {
  if (total === cities.length) return cities.map(cityTag)
  return [search.country === undefined ? WORLD : countryTag(search.country)]
}
