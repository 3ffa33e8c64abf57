import type { Knex } from 'knex'
import type { Cache } from 'smart-cache'
import { assets } from './assets.js'
import type { City } from './city.js'
import { keptCountryParts } from './country-parts.js'
import { editCity } from './handlers/edit-city.js'
import type { Announce } from './handlers/edit-city.js'
import { editCountry } from './handlers/edit-country.js'
import { setName } from './handlers/set-name.js'
import { showAsset } from './handlers/show-asset.js'
import { showCity } from './handlers/show-city.js'
import { showCountries } from './handlers/show-countries.js'
import { showCountry } from './handlers/show-country.js'
import { showHome } from './handlers/show-home.js'
import { showNearest } from './handlers/show-nearest.js'
import { showSearch } from './handlers/show-search.js'
import { keptRankings } from './rankings.js'
import type { Route } from './route.js'
import { keptSearches } from './searches.js'
import { tagsOfEdit, WORLD } from './tags.js'

/** The whole application, for either framework. Unless it purges `byHand`, the database says itself what a write has changed. */
export function routes(db: Knex, cache: Cache, { byHand }: { readonly byHand: boolean }): readonly Route[] {
  const rankings = keptRankings(db, cache)
  const country = { rankings, parts: keptCountryParts(db, cache, rankings) }
  const searches = keptSearches(db, cache)
  if (byHand)
    cache.invalidateOn<City>('city', ({ before, after }) => [before, after].flatMap(city => (city === undefined ? [] : tagsOfEdit(city))))
  const announce: Announce | undefined = byHand ? change => cache.signals.saved('city', change) : undefined
  return [
    { method: 'get', path: '/', policy: { ttl: '15m', grace: '1m', tags: [WORLD] }, handle: () => showHome(db, rankings) },
    {
      method: 'get',
      path: '/countries',
      policy: { ttl: '15m', grace: '1m', tags: [WORLD] },
      handle: request => showCountries(rankings, request),
    },
    {
      method: 'get',
      path: '/countries/:code',
      personal: true,
      policy: { ttl: '1d', grace: '1m' },
      handle: request => showCountry(country, request),
    },
    {
      method: 'get',
      path: '/cities/:id',
      personal: true,
      policy: { ttl: '1h', grace: '5m' },
      handle: request => showCity(db, request),
    },
    { method: 'get', path: '/search', policy: { ttl: '5m' }, handle: request => showSearch(db, searches, request) },
    { method: 'get', path: '/nearest', policy: { ttl: '1h', grace: '5m' }, handle: request => showNearest(db, request) },
    { method: 'post', path: '/cities/:id', handle: request => editCity(db, announce, request) },
    { method: 'post', path: '/countries/:code', handle: request => editCountry(db, announce, country, request) },
    { method: 'post', path: '/greeting', handle: setName },
    ...Object.values(assets).map((asset): Route => ({ method: 'get', path: asset.path, handle: request => showAsset(asset, request) })),
  ]
}
