import type { Knex } from 'knex'
import { foldName } from '../fold-name.js'
import { badRequest } from '../page-error.js'
import { searchPage } from '../pages/search-page.js'
import { countryCodes } from '../queries/country-queries.js'
import { page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import type { Searches } from '../searches.js'

const LONGEST_TEXT = 80

export async function showSearch(db: Knex, searches: Searches, { query }: PageRequest): Promise<Reply> {
  const countries = await countryCodes(db)
  const search = { text: (query.get('q') ?? '').trim(), country: query.get('country') || undefined }
  if (search.text.length > LONGEST_TEXT) throw badRequest(`No city has a name longer than ${LONGEST_TEXT} letters.`)
  if (search.country !== undefined && !countries.includes(search.country))
    throw badRequest(`There is no country “${search.country.slice(0, 40)}” to search in.`)
  const found = foldName(search.text) === '' ? undefined : await searches(search)
  return page(searchPage({ search, found, countries }))
}
