export { cacheControl, neverCache, varyOnCookie, varyOnHeaders } from './header-fields.js'
export { cachePage, invalidates, smartCache, type PagePolicy } from './smart-cache.js'
