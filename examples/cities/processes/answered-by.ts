import type { RequestListener, ServerResponse } from 'node:http'

/**
 * Says on every response which process it comes from, in `Server-Timing`, where scripts can read it. It is added as the head leaves, so that
 * it is never a part of what is kept, and stands beside what the cache says there.
 */
export function answeredBy(name: string, answer: RequestListener): RequestListener {
  return (request, response) => {
    const writeHead = response.writeHead as (...args: readonly unknown[]) => ServerResponse
    response.writeHead = (status: number, ...rest: readonly unknown[]) => {
      const fields = rest.at(-1)
      // Fields given here take the place of those set before, and the cache gives those of a hit here: they are set first.
      if (isList(fields)) for (let at = 0; at < fields.length; at += 2) response.setHeader(String(fields[at]), fields[at + 1] ?? '')
      response.appendHeader('Server-Timing', `process;desc="${name}"`)
      return writeHead.call(response, status, ...(isList(fields) ? rest.slice(0, -1) : rest))
    }
    return answer(request, response)
  }
}

/** Names and values in turn. */
function isList(fields: unknown): fields is readonly (string | readonly string[])[] {
  return Array.isArray(fields)
}
