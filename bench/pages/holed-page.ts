import type { HoleFiller } from 'smart-cache'
import { makePage } from './origin.js'
import type { Page } from './page.js'

/** As long as a token. */
const LENGTH = 40

/** The same page with two holes, which are filled with what stood there, at once or by a promise. */
export function holedPage(page: Page, hole: (name: string, fill: HoleFiller<unknown>) => string, promised: boolean): string {
  makePage(page)
  const text = page.body.toString()
  const [first, second] = [Math.floor(text.length / 3), Math.floor((2 * text.length) / 3)]
  const holeAt = (name: string, at: number) => {
    const token = text.slice(at, at + LENGTH)
    return promised ? hole(name, async _visit => token) : hole(name, _visit => token)
  }
  return [
    text.slice(0, first),
    holeAt('first', first),
    text.slice(first + LENGTH, second),
    holeAt('second', second),
    text.slice(second + LENGTH),
  ].join('')
}
