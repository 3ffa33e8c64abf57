import { createServer, type Server } from 'node:http'
import config from 'http-cache-tests/server/handle-config.mjs'
import state from 'http-cache-tests/server/handle-state.mjs'
import test from 'http-cache-tests/server/handle-test.mjs'

const HANDLERS: Readonly<Record<string, typeof test>> = { config, state, test }

/** The suite's own origin: it answers as the tests tell it to, and notes what it was asked. */
export function suiteOrigin(): Server {
  return createServer((request, response) => {
    const [, first = '', ...path] = (request.url ?? '').split('?', 1)[0]?.split('/') ?? []
    HANDLERS[first]?.(path, request, response)
  })
}
