import { randomBytes } from 'node:crypto'
import { CacheError } from '../../lib/errors.js'
import { located, type Teller } from './located.js'

/** Digits of the number of a block, behind what all marks of one draft begin with. */
const DIGITS = 6
const NUMBER = new RegExp(`^[\\da-f]{${DIGITS}}`)

/** What an engine that waits for nothing renders in one go, with marks where blocks will be that take longer. */
export class Draft {
  #base: string | undefined
  /** Those that are there. */
  readonly #blocks: (string | undefined)[] = []
  #awaited = 0
  /** Kept for who asks when it is over: until then nobody waits, and nobody may. */
  #failure: { readonly error: unknown } | undefined
  #changed = () => {}

  /**
   * @param tell where in the template an error of the block comes from
   * @returns what is to stand where the block goes: text that nobody can guess, and that no escaping changes
   */
  later(block: Promise<string>, tell: Teller | undefined): string {
    this.#base ??= randomBytes(16).toString('hex')
    const number = this.#blocks.push(undefined) - 1
    this.#awaited++
    block.then(
      html => {
        this.#blocks[number] = html
        if (--this.#awaited === 0) this.#changed()
      },
      (error: unknown) => {
        this.#failure ??= { error: located(error, tell) }
        this.#changed()
      },
    )
    return this.#base + number.toString(16).padStart(DIGITS, '0')
  }

  /**
   * The text with its blocks in their places. What a block is made of is not looked at, so that no mark is found in it.
   * @throws what a block rejects with; {CacheError} if a mark is missing, which something must have changed
   */
  async settled(text: string): Promise<string> {
    if (this.#base === undefined) return text
    if (this.#awaited > 0 && this.#failure === undefined) await new Promise<void>(resolve => (this.#changed = resolve))
    if (this.#failure !== undefined) throw this.#failure.error
    return this.#joined(text.split(this.#base))
  }

  #joined([first = '', ...pieces]: readonly string[]): string {
    const found = new Set<number>()
    let html = first
    for (const piece of pieces) {
      const number = NUMBER.test(piece) ? parseInt(piece.slice(0, DIGITS), 16) : -1
      const block = this.#blocks[number]
      if (block !== undefined) found.add(number)
      html += (block ?? '') + piece.slice(DIGITS)
    }
    if (found.size === this.#blocks.length) return html
    throw new CacheError(
      'ERR_CACHE_FRAGMENT',
      'Expected each block to stand in what is around it: a helper has left one out, or has changed it',
    )
  }
}
