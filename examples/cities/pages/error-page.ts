import { html } from '../html.js'
import { layout } from './layout.js'

/** Says what went wrong, and where to go from here. */
export function errorPage(status: number, title: string, explanation: string): string {
  return layout({
    title: `${title} · Cities of the world`,
    main: html`<section class="error">
      <p class="status">${status}</p>
      <h1>${title}</h1>
      <p class="lead">${explanation}</p>
      <p><a href="/">Back to the cities of the world</a></p>
    </section>`,
  })
}
