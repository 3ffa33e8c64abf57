import type { Knex } from 'knex'
import { badRequest } from '../page-error.js'
import { nearestPage } from '../pages/nearest-page.js'
import type { Place } from '../place.js'
import { nearestCities } from '../queries/nearest-cities.js'
import { page } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { cityTag } from '../tags.js'

const NEIGHBOURS = 20

/** Which cities are nearest never changes; their populations do, so the page is purged with any city it shows. */
export async function showNearest(db: Knex, { query, tag }: PageRequest): Promise<Reply> {
  const place = placeAsked(query)
  if (place === undefined) return page(nearestPage(undefined))
  const neighbours = await nearestCities(db, place, NEIGHBOURS)
  tag(...neighbours.map(({ city }) => cityTag(city)))
  return page(nearestPage({ place, neighbours }))
}

function placeAsked(query: URLSearchParams): Place | undefined {
  const [latitude, longitude] = [query.get('lat'), query.get('lon')]
  if (latitude === null && longitude === null) return undefined
  return { latitude: degrees('latitude', latitude, 90), longitude: degrees('longitude', longitude, 180) }
}

function degrees(name: string, text: string | null, most: number): number {
  const value = text === null || text.trim() === '' ? Number.NaN : Number(text)
  if (!(Math.abs(value) <= most)) throw badRequest(`The ${name} must be a number between −${most} and ${most}.`)
  return value
}
