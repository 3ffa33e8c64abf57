const BYTES = 1024

const blank = { id: 7, title: 'Notes', tags: ['first', 'second'], text: '' }

/** What every server answers with: an object that is 1 KiB of JSON. */
export const page = { ...blank, text: 'x'.repeat(BYTES - JSON.stringify(blank).length) }

/** The same as bytes, for servers that end the response themselves. */
export const body = Buffer.from(JSON.stringify(page))

const etag = '"400-XvcTJYUeCNaNYfSDVbKFYmFWuEg"'

/** The fields of a hit from `smart-cache`, for servers without it: everybody sends as much. */
export const head = {
  'Content-Type': 'application/json; charset=utf-8',
  ETag: etag,
  'Content-Length': String(body.length),
  Age: '7',
  'Cache-Status': 'smart-cache; hit; ttl=3592',
}

/** Those of a 304. */
export const headOf304 = { ETag: etag, Age: '7', 'Cache-Status': 'smart-cache; hit; ttl=3592' }
