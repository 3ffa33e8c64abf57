export { etagOf, fresh, lastModified } from './fresh.js'
export { cacheControl, neverCache, varyOnCookie, varyOnHeaders } from './header-fields.js'
export { cachePage, invalidates, smartCache, type PagePolicy } from './smart-cache.js'
export type { Validators } from '../../lib/responses/validators.js'
