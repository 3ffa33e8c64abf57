import { html } from '../html.js'
import type { Html } from '../html.js'

/** The way through a list of several pages; nothing where there is one. The first page has no number in its address. */
export function pageLinks(path: string, page: number, pages: number): Html | false {
  const link = (to: number, label: string, rel: string): Html | false =>
    to >= 1 && to <= pages && html`<a href="${path}${to > 1 && `?page=${to}`}" rel="${rel}">${label}</a>`
  return (
    pages > 1 &&
    html`<nav class="pages" aria-label="Pages">
      ${link(page - 1, '← Larger', 'prev')}<span>Page ${page} of ${pages}</span>${link(page + 1, 'Smaller →', 'next')}
    </nav>`
  )
}
