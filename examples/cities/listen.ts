import { once } from 'node:events'
import type { Server } from 'node:http'

const PATIENCE = 2_000

/** Listens, and resolves with the port when requests can come. A port that cannot be had is a sentence about it. */
export async function listen(server: Server, port: number): Promise<number> {
  try {
    server.listen(port)
    await once(server, 'listening')
  } catch (error) {
    throw new Error(explain(error, port), { cause: error })
  }
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}

/** Stops listening, lets running requests end, and cuts those that do not within two seconds. */
export async function close(server: Server): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), PATIENCE)
  const closed = once(server, 'close')
  server.close()
  await closed
  clearTimeout(cut)
}

function explain(error: unknown, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `Port ${port} is in use. Choose another one: npm start -- --port ${port === 65_535 ? 3001 : port + 1}`
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Choose one above 1023: npm start -- --port 3000`
  return `Cannot listen on port ${port}: ${error instanceof Error ? error.message : String(error)}`
}
