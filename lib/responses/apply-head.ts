import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** Gives `writeHead`'s arguments to the response as headers, so that there is one place to read them from. */
export function applyHead(response: ServerResponse, status: number, rest: readonly unknown[]): void {
  const [first] = rest
  response.statusCode = status
  if (typeof first === 'string') response.statusMessage = first
  const headers = (typeof first === 'string' ? rest[1] : first) as OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined
  if (Array.isArray(headers)) applyList(response, headers)
  else for (const [name, value] of Object.entries(headers ?? {})) if (name !== '') response.setHeader(name, value as string)
}

/** A flat list may repeat a name; it overrides what had been set before. */
function applyList(response: ServerResponse, flat: readonly OutgoingHttpHeader[]): void {
  for (let at = 0; at < flat.length; at += 2) response.removeHeader(String(flat[at]))
  for (let at = 0; at < flat.length; at += 2) response.appendHeader(String(flat[at]), flat[at + 1] as string)
}
