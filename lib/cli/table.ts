import { shownText, type Terminal } from './terminal.js'

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string
  /** Numbers stand to the right. */
  readonly right?: boolean
  /** Takes the room that is left, and is cut where there is too little; one in a table at most. */
  readonly flexible?: boolean
}

const GAP = 2
const LEAST = 12

/** Rows under titles, as wide as the terminal at most. */
export function table<Row>(terminal: Terminal, rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = rows.map(row => columns.map(column => column.of(row)))
  const natural = columns.map(({ title }, at) => Math.max(title.length, ...cells.map(line => line[at]?.length ?? 0)))
  const fixed = natural.reduce((sum, width, at) => sum + (columns[at]?.flexible === true ? 0 : width), GAP * (columns.length - 1))
  const widths = natural.map((width, at) =>
    columns[at]?.flexible === true ? Math.min(width, Math.max(LEAST, terminal.width - fixed)) : width,
  )
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const width = widths[at] ?? 0
        const shown = shownText(text, width)
        return columns[at]?.right === true ? shown.padStart(width) : shown.padEnd(width)
      })
      .join(' '.repeat(GAP))
      .trimEnd()
  const head = terminal.style(line(columns.map(({ title }) => title)), 'dim')
  return [head, ...cells.map(line)].join('\n')
}

/** A sentence over as many lines as it takes, each after the first indented. */
export function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width - indent.length) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map(line => indent + line).join('\n')
}
