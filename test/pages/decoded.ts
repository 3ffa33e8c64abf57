import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import type { Reply } from './site.js'

/** The text of a reply, by what its label says of its bytes. */
export function decoded({ headers, body }: Reply): string {
  switch (headers['content-encoding']) {
    case undefined:
      return body.toString()
    case 'gzip':
      return gunzipSync(body).toString()
    case 'br':
      return brotliDecompressSync(body).toString()
    case 'deflate':
      return inflateSync(body).toString()
    default:
      throw new Error(`No way to read ${headers['content-encoding']}`)
  }
}
