export { cacheQueries } from './cache-queries.js'
export type { CacheQueriesOptions } from './options.js'
export type { TableOptions } from '../../lib/queries/retention.js'
