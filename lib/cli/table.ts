import { inMiddle, shownText, type Style, type Terminal } from './terminal.js'

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => string
  /** Numbers stand to the right. */
  readonly right?: boolean
  /** Takes the room that is left, and is cut in its middle where there is too little; one in a table at most. */
  readonly flexible?: boolean
  /** Left out where the window is too narrow for all: the highest first. */
  readonly spare?: number
  readonly style?: (row: Row) => Style | undefined
}

const GAP = 2
/** Less of a flexible column says nothing. */
const LEAST = 12

/** Rows under titles, as wide as the terminal at most. */
export function table<Row>(terminal: Terminal, rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const shown = fitting(rows, columns, terminal.width)
  const widths = widthsOf(rows, shown, terminal.width)
  const line = (cell: (column: Column<Row>, at: number) => string) => shown.map(cell).join(' '.repeat(GAP)).trimEnd()
  const padded = (text: string, { right, flexible }: Column<Row>, at: number) => {
    const width = widths[at] ?? 0
    const cut = flexible === true ? inMiddle(text, width) : shownText(text, width)
    return right === true ? cut.padStart(width) : cut.padEnd(width)
  }
  const styled = (text: string, style: Style | undefined) => (style === undefined ? text : terminal.style(text, style))
  const head = line((column, at) => padded(column.title, column, at))
  const lines = rows.map(row => line((column, at) => styled(padded(column.of(row), column, at), column.style?.(row))))
  return [terminal.style(head, 'dim'), ...lines].join('\n')
}

/** Without those that there is no room for. */
function fitting<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): readonly Column<Row>[] {
  const spare = Math.max(...columns.map(column => column.spare ?? 0))
  if (spare === 0 || fixedOf(rows, columns) + LEAST <= width) return columns
  return fitting(
    rows,
    columns.filter(column => column.spare !== spare),
    width,
  )
}

function widthsOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[], width: number): readonly number[] {
  const left = Math.max(LEAST, width - fixedOf(rows, columns))
  return columns.map(column => (column.flexible === true ? Math.min(naturalOf(rows, column), left) : naturalOf(rows, column)))
}

/** What all but the flexible column take. */
function fixedOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): number {
  const widths = columns.map(column => (column.flexible === true ? 0 : naturalOf(rows, column)))
  return widths.reduce((sum, width) => sum + width, GAP * (columns.length - 1))
}

function naturalOf<Row>(rows: readonly Row[], { title, of }: Column<Row>): number {
  return Math.max(title.length, ...rows.map(row => of(row).length))
}

/** A sentence over as many lines as it takes, each indented; the first as `first` says. */
export function wrapped(text: string, width: number, indent: string, first = indent): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width - indent.length) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.map((line, at) => (at === 0 ? first : indent) + line).join('\n')
}
