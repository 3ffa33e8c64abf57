import { hash } from 'node:crypto'

/** Programs have so many templates; where texts are made anew for each call, they must not fill the memory. */
const MAX_REMEMBERED = 1_000

const remembered = new Map<string, string>()

/** Tells what is rendered by one text of a template from what another renders; each is digested once. */
export function templateDigest(text: string): string {
  const known = remembered.get(text)
  if (known !== undefined) return known
  const digest = hash('sha256', text, 'base64url').slice(0, 16)
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(text, digest)
  return digest
}
