import type { IncomingMessage } from 'node:http'
import { PageError } from './page-error.js'

const MOST_BYTES = 10_000

/** The fields of a form as browsers post it. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded')
    throw new PageError(415, 'Not a form', 'Send the fields as application/x-www-form-urlencoded.')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= MOST_BYTES) chunks.push(chunk)
  }
  if (bytes > MOST_BYTES) throw new PageError(413, 'Too much', 'The form is larger than anything it could say.')
  return new URLSearchParams(Buffer.concat(chunks).toString())
}
