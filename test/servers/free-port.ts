import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A loopback port that nobody listens on. It lies below the range that systems take for outgoing connections, and so does port + 10,000 (a Redis cluster's
 * bus): a client that tries again and again to reach a server that is away can otherwise meet itself.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 11_000)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
