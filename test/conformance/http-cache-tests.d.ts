/** What is used of the suite, which brings no types. */
declare module 'http-cache-tests/tests/*.mjs' {
  const suite: unknown
  export default suite
}

declare module 'http-cache-tests/client/runner.mjs' {
  export function runTests(suites: unknown, fetch: unknown, browser: boolean, base: string, atOnce: number): Promise<void>
  export function getResults(): Record<string, true | readonly [name: string, message: string]>
}

declare module 'http-cache-tests/server/*.mjs' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export default function handle(path: string[], request: IncomingMessage, response: ServerResponse): void
}
