/** Markup that is safe to send. Only `html` makes it, from literal text and escaped values. */
export class Html {
  readonly #markup: string

  constructor(markup: string) {
    this.#markup = markup
  }

  toString(): string {
    return this.#markup
  }
}

type Insertable = Html | string | number | false | undefined | readonly Html[]

/**
 * A template whose inserted strings are escaped for text and for quoted attributes; `false` and `undefined` leave nothing.
 * Its indentation is for those who read the source, and is not sent.
 */
export function html(template: TemplateStringsArray, ...values: readonly Insertable[]): Html {
  const parts = template.map(part => part.replace(/\s*\n\s*/g, '\n'))
  return new Html(parts.reduce((markup, part, index) => markup + render(values[index - 1]) + part))
}

function render(value: Insertable): string {
  if (value === undefined || value === false) return ''
  if (value instanceof Html) return value.toString()
  if (typeof value === 'object') return value.join('')
  return String(value).replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
