import type { Framework } from '../framework.js'

/** A part of the corpus: what holds on every framework, wherever pages are kept. */
export interface Part {
  readonly title: string
  /**
   * Whether it holds for what is served before the framework, too.
   * @default false
   */
  readonly atTheFront?: boolean
  readonly tests: (framework: Framework) => void
}
