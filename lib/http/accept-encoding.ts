import Negotiator from 'negotiator'
import type { Coding } from './codings.js'

/** What visitors send differs little: most are one of a few browsers. */
const MAX_REMEMBERED = 500

/** What it has had since 1.0; its types do not know. */
interface Preferring {
  encodings(available: readonly string[], options: { readonly preferred: readonly string[] }): string[]
}

/** Reads `Accept-Encoding` (RFC 9110, 12.5.3), each field once. */
export class AcceptEncoding {
  readonly #offered: readonly Coding[]
  readonly #remembered = new Map<string, readonly (Coding | 'identity')[]>()

  /** @param offered in the order in which they are preferred where the visitor does not mind */
  constructor(offered: readonly Coding[]) {
    this.#offered = offered
  }

  /** What the visitor takes of what is offered, the most welcome first; `identity` is the page as it is, and absent where it is refused. */
  welcome(field: string): readonly (Coding | 'identity')[] {
    const known = this.#remembered.get(field)
    if (known !== undefined) return known
    const found = this.#read(field)
    // Fields that are made up must not fill the memory.
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(field, found)
    return found
  }

  #read(field: string): readonly (Coding | 'identity')[] {
    const negotiator: Preferring = new Negotiator({ headers: { 'accept-encoding': field } })
    return negotiator.encodings([...this.#offered, 'identity'], { preferred: this.#offered }) as (Coding | 'identity')[]
  }
}
