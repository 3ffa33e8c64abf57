import type { City } from './city.js'

/** On pages that rank or add up all cities: any edit can change them. */
export const WORLD = 'world'

/** On pages that show this city's population. */
export function cityTag(city: Pick<City, 'id'>): string {
  return `city:${city.id}`
}

/** On pages that rank or add up the cities of a country: a city that was not among the largest can grow into them. */
export function countryTag(code: string): string {
  return `country:${code}`
}

/** Everything that a new population of this city can change, and nothing else. */
export function tagsOfEdit(city: City): readonly string[] {
  return [cityTag(city), countryTag(city.country), WORLD]
}
