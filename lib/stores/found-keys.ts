/** A power of two. */
const PLACES = 65_536

/**
 * Guesses which keys have something under them, by where something was found before. It takes the same room for any number of keys, as some
 * share a place, and may be wrong about any.
 */
export class FoundKeys {
  readonly #places = new Uint8Array(PLACES)

  has(key: string): boolean {
    return this.#places[placeOf(key)] === 1
  }

  add(key: string): void {
    this.#places[placeOf(key)] = 1
  }

  delete(key: string): void {
    this.#places[placeOf(key)] = 0
  }
}

function placeOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 16)) & (PLACES - 1)
}
