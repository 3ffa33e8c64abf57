import type { Framework } from '../framework.js'

/** A part of the corpus: what holds on every framework, wherever pages are kept. */
export interface Part {
  readonly title: string
  readonly tests: (framework: Framework) => void
}
