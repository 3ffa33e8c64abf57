import type { Page } from './page.js'

let made = 0

/** Makes the page, as a handler would: for every contender the same, and for nothing but a cache's first answer. */
export function makePage({ content, make }: Page): Page['content'] {
  made++
  return make?.() ?? content
}

/** How many pages were made in this process. A cache that is hit makes no more. */
export function pagesMade(): number {
  return made
}
