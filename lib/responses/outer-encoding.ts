import type { OutgoingHttpHeader, ServerResponse } from 'node:http'

/**
 * Middleware further out may encode the bytes on their way, at the last moment. It makes another representation of them, which must not go
 * by their strong validator (RFC 9110, 8.8.3.3): a weak one says what is left to say.
 */
export function weakenIfEncoded(response: ServerResponse): void {
  if (watched.has(response)) return
  watched.add(response)
  const { setHeader } = response
  response.setHeader = function (this: ServerResponse, name, value) {
    setHeader.call(this, name, value)
    if (name.toLowerCase() === 'content-encoding') weaken(this, setHeader)
    return this
  }
}

const watched = new WeakSet<ServerResponse>()

function weaken(response: ServerResponse, setHeader: (name: string, value: OutgoingHttpHeader) => unknown): void {
  const etag = response.getHeader('etag')
  if (typeof etag === 'string' && etag.startsWith('"')) setHeader.call(response, 'ETag', `W/${etag}`)
}
