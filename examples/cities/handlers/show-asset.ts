import type { Asset } from '../assets.js'
import type { PageRequest, Reply } from '../route.js'

/** Browsers keep what is asked for by its digest for good: other content has another address. */
export function showAsset(asset: Asset, { query }: PageRequest): Reply {
  const caching = asset.url.endsWith(`?v=${query.get('v')}`) ? 'public, max-age=31536000, immutable' : 'no-cache'
  return { status: 200, headers: { 'Content-Type': asset.type, 'Cache-Control': caching }, body: asset.body }
}
