import { page } from './page.js'

let made = 0

/** Makes the page, as a handler would: for every contender the same, and for nothing but a cache's first answer. */
export function makePage(): object {
  made++
  return page
}

/** How many pages were made in this process. A cache that is hit makes no more. */
export function pagesMade(): number {
  return made
}
