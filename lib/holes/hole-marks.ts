import { randomBytes } from 'node:crypto'

/** Characters of what all marks of one response begin with, and of the number after that. */
const BASE = 22
const NUMBER = 4

/**
 * What stands for the holes of one response, in what its handler writes: text that nobody can guess, so that nothing but a hole of this response is
 * ever taken for one. It has letters, digits, `-` and `_`, and so goes through the escaping of HTML, URLs and JSON as it is.
 */
export class HoleMarks {
  readonly base = randomBytes(16).toString('base64url')
  readonly ids: string[] = []

  /** The mark of the hole with this id. */
  of(id: string): string {
    const known = this.ids.indexOf(id)
    const number = known === -1 ? this.ids.push(id) - 1 : known
    return this.base + number.toString(16).padStart(NUMBER, '0')
  }
}

/** Cuts a body, as it comes, at the marks that are in it. */
export class HoleCutter {
  readonly #ids: readonly string[]
  readonly #base: Buffer
  /** The end of what came so far, which may be the beginning of a mark. */
  #held: Buffer = Buffer.alloc(0)

  constructor({ base, ids }: HoleMarks) {
    this.#base = Buffer.from(base)
    this.#ids = ids
  }

  /** What comes next: bytes, and ids of holes. */
  cut(bytes: Buffer, last: boolean): readonly (Buffer | string)[] {
    const data = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const pieces: (Buffer | string)[] = []
    const add = (piece: Buffer) => {
      if (piece.length > 0) pieces.push(piece)
    }
    let from = 0
    let found = data.indexOf(this.#base)
    for (; found !== -1 && found + BASE + NUMBER <= data.length; found = data.indexOf(this.#base, from)) {
      const id = this.#idIn(data.toString('latin1', found + BASE, found + BASE + NUMBER))
      // Without a number it is none, and one may begin right behind it.
      const end = found + BASE + (id === undefined ? 0 : NUMBER)
      add(data.subarray(from, id === undefined ? end : found))
      if (id !== undefined) pieces.push(id)
      from = end
    }
    const end = last ? data.length : found === -1 ? this.#beginning(data, from) : found
    add(data.subarray(from, end))
    this.#held = data.subarray(end)
    return pieces
  }

  #idIn(number: string): string | undefined {
    return /^[\da-f]+$/.test(number) ? this.#ids[parseInt(number, 16)] : undefined
  }

  /** Where at its end a mark may have begun. */
  #beginning(data: Buffer, from: number): number {
    for (let at = Math.max(from, data.length - BASE + 1); at < data.length; at++) {
      if (data.compare(this.#base, 0, data.length - at, at) === 0) return at
    }
    return data.length
  }
}
