import type { ServerResponse } from 'node:http'

/** Calls back once, as soon as the head of the response has been written: at once, if it has been. Not at all if the client goes before that. */
export function whenHeadIsSent(response: ServerResponse, then: () => void): void {
  if (response.headersSent) {
    then()
    return
  }
  const { writeHead } = response
  let told = false
  const tell = () => {
    if (!told) then()
    told = true
  }
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    const returned = (writeHead as (...given: unknown[]) => ServerResponse).apply(this, args)
    if (response.headersSent) tell()
    return returned
  }
  response.once('finish', tell)
}
