import etag from 'etag'

/** A strong validator of these bytes (RFC 9110, 8.8.3), as Express makes it. */
export function entityTag(bytes: Buffer): string {
  return etag(bytes)
}
