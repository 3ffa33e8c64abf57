import { ServerUnavailable } from './server-unavailable.js'

/** Fetching packages takes a while, once. */
const START_WITHIN_MS = 180_000

const said = new Set<string>()

/**
 * For mocha's `before`: starts a server, or skips the suite with one loud line when there is none to be had; where `CI` is set, that fails. A server that is
 * there and does not start always fails.
 */
export async function serverOrSkip<Server>(context: Mocha.Context, name: string, start: () => Promise<Server>): Promise<Server> {
  context.timeout(START_WITHIN_MS)
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof ServerUnavailable) || inCi()) throw error
    if (!said.has(name)) console.error(`\n!!! SKIPPED: all tests that need a real ${name}: ${error.message}\n`)
    said.add(name)
    return context.skip()
  }
}

function inCi(): boolean {
  return !['', '0', 'false'].includes(process.env['CI'] ?? '')
}
