const WIDTH = 32
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const

export type Progress = (done: number, total: number) => void

/** Shows how far a long job is: a bar that redraws itself on a terminal, a line per quarter elsewhere. */
export function progressBar(label: string, output: NodeJS.WriteStream): Progress {
  return output.isTTY ? drawnBar(label, output) : writtenQuarters(label, output)
}

function drawnBar(label: string, output: NodeJS.WriteStream): Progress {
  return (done, total) => {
    const eighths = Math.floor((done / total) * WIDTH * 8)
    const bar = '█'.repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? '')
    const percent = `${Math.floor((done / total) * 100)}%`.padStart(4)
    output.write(`\r${label} ▕${bar.padEnd(WIDTH)}▏${percent}  ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`)
    if (done === total) output.write('\n')
  }
}

function writtenQuarters(label: string, output: NodeJS.WriteStream): Progress {
  let said = -1
  return (done, total) => {
    const quarter = Math.floor((done / total) * 4)
    if (quarter === said) return
    said = quarter
    output.write(`${label}: ${quarter * 25}%\n`)
  }
}
