import { request as ask, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

interface Question {
  readonly method?: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

/** As `fetch`, for the suite's client: it sends what it is given and adds nothing, so that no request directive comes from here. */
export async function plainFetch(url: string, { method = 'GET', headers = [], body = '' }: Question = {}): Promise<unknown> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = ask(url, { method, agent: false }, resolve)
    for (const [name, value] of headers) outgoing.appendHeader(name, value)
    // Node frames no body for some methods by itself.
    if (body !== '') outgoing.setHeader('Content-Length', Buffer.byteLength(body))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
  const told = await text(answer)
  const { rawHeaders, statusCode, statusMessage } = answer
  const received = new Headers()
  for (let at = 0; at < rawHeaders.length; at += 2) received.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  return { status: statusCode, statusText: statusMessage, headers: received, text: () => Promise.resolve(told) }
}
