import { randomBytes } from 'node:crypto'
import { CacheError } from '../../lib/errors.js'

/** Digits of the number of a block, behind what all marks of one draft begin with. */
const DIGITS = 6
const NUMBER = new RegExp(`^[\\da-f]{${DIGITS}}`)

/** What an engine that waits for nothing renders in one go, with marks where blocks will be that take longer. */
export class Draft {
  #base: string | undefined
  readonly #blocks: Promise<string>[] = []

  /** @returns what is to stand where the block goes: text that nobody can guess, and that no escaping changes */
  later(block: Promise<string>): string {
    // Should the rest of the draft fail, nobody waits for it.
    block.catch(() => {})
    this.#base ??= randomBytes(16).toString('hex')
    const number = this.#blocks.push(block) - 1
    return this.#base + number.toString(16).padStart(DIGITS, '0')
  }

  /**
   * The text with its blocks in their places. What a block is made of is not looked at, so that no mark is found in it.
   * @throws what a block rejects with; {CacheError} if a mark is missing, which something must have changed
   */
  async settled(text: string): Promise<string> {
    if (this.#base === undefined) return text
    const blocks = await Promise.all(this.#blocks)
    const missing = new Set(blocks.keys())
    const [first = '', ...pieces] = text.split(this.#base)
    let html = first
    for (const piece of pieces) {
      const number = NUMBER.test(piece) ? parseInt(piece.slice(0, DIGITS), 16) : -1
      missing.delete(number)
      html += (blocks[number] ?? '') + piece.slice(DIGITS)
    }
    if (missing.size === 0) return html
    throw new CacheError(
      'ERR_CACHE_FRAGMENT',
      'Expected each block to stand in what is around it: a helper has left one out, or has changed it',
    )
  }
}
