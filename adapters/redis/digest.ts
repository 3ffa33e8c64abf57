import { createHash } from 'node:crypto'

const digests = new Map<string, string>()

/** What the server knows a script by. */
export function digestOf(script: string): string {
  const digest = digests.get(script) ?? createHash('sha1').update(script).digest('hex')
  digests.set(script, digest)
  return digest
}
