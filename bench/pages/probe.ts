import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Page } from './page.js'
import type { Errand } from './visitors.js'

const PATH = '/page'

/** What a browser sends along, but for the encodings that it takes: who does not know how to encode sends as many bytes. */
const FIELDS: Readonly<Record<string, string>> = {
  Host: 'localhost',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Accept: 'application/json, text/plain;q=0.9, */*;q=0.8',
  'Accept-Language': 'en-GB,en;q=0.7,de;q=0.3',
  Connection: 'keep-alive',
}

/**
 * Asks twice, the second time being the one that counts, and looks closely at the answers: afterwards nobody does. An answer made by
 * `smart-cache` has to say that it is a hit.
 * @returns what to ask from then on
 */
export async function probe(port: number, { body }: Page, status: number, maker: string): Promise<Errand> {
  const first = await answerOf(port, FIELDS)
  const etag = first.response.headers.etag ?? ''
  const fields = status === 304 ? { ...FIELDS, 'If-None-Match': etag } : FIELDS
  const { response, content } = await answerOf(port, fields)
  const length = status === 304 ? 0 : body.length
  assert.equal(response.statusCode, status)
  assert.ok(content.equals(length === 0 ? Buffer.alloc(0) : body), 'The answer has other bytes')
  assert.equal(response.headers['content-length'], length === 0 ? undefined : String(length))
  if (maker === 'smart-cache') assert.match(String(response.headers['cache-status']), /^smart-cache; hit; ttl=\d+$/)
  if (maker === 'smart-cache miss') assert.match(String(response.headers['cache-status']), /^smart-cache; fwd=uri-miss(?:; stored)?$/)
  return { request: requestBytes(fields), status, length }
}

async function answerOf(port: number, headers: Readonly<Record<string, string>>): Promise<{ response: IncomingMessage; content: Buffer }> {
  const [response] = (await once(get({ port, path: PATH, headers, agent: false }), 'response')) as [IncomingMessage]
  return { response, content: await buffer(response) }
}

function requestBytes(fields: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`GET ${PATH} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
}
