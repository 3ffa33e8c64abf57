import { html } from '../html.js'
import { visitorOf } from './visitor.js'
import type { Asked } from './visitor.js'

/** What stands in a hole: markup, with what comes from the visitor written as text. */
export function greetingOf(asked: Asked): string {
  const { name } = visitorOf(asked)
  return (name === undefined ? html`Hello! What may we call you?` : html`Hello, ${name}!`).toString()
}
