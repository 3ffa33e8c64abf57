import type { Knex } from 'knex'
import { assets } from './assets.js'
import { editCity } from './handlers/edit-city.js'
import type { Purger } from './handlers/edit-city.js'
import { showAsset } from './handlers/show-asset.js'
import { showCity } from './handlers/show-city.js'
import { showCountries } from './handlers/show-countries.js'
import { showCountry } from './handlers/show-country.js'
import { showHome } from './handlers/show-home.js'
import { showNearest } from './handlers/show-nearest.js'
import { showSearch } from './handlers/show-search.js'
import type { Route } from './route.js'
import { WORLD } from './tags.js'

/** The whole application, for either framework; without a purger where the database says itself what a write has changed. */
export function routes(db: Knex, cache: Purger | undefined): readonly Route[] {
  return [
    { method: 'get', path: '/', policy: { ttl: '15m', grace: '1m', tags: [WORLD] }, handle: () => showHome(db) },
    {
      method: 'get',
      path: '/countries',
      policy: { ttl: '15m', grace: '1m', tags: [WORLD] },
      handle: request => showCountries(db, request),
    },
    { method: 'get', path: '/countries/:code', policy: { ttl: '15m', grace: '1m' }, handle: request => showCountry(db, request) },
    { method: 'get', path: '/cities/:id', policy: { ttl: '1h', grace: '5m' }, handle: request => showCity(db, request) },
    { method: 'get', path: '/search', policy: { ttl: '5m' }, handle: request => showSearch(db, request) },
    { method: 'get', path: '/nearest', policy: { ttl: '1h', grace: '5m' }, handle: request => showNearest(db, request) },
    { method: 'post', path: '/cities/:id', handle: request => editCity(db, cache, request) },
    ...Object.values(assets).map((asset): Route => ({ method: 'get', path: asset.path, handle: request => showAsset(asset, request) })),
  ]
}
