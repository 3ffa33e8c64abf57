import type { Line } from './worker.js'

/** What came of a trial. */
export interface Outcome {
  readonly reads: number
  readonly writes: number
  readonly hits: number
  readonly rejected: number
  /** Reads of something older than what had been acknowledged before they began, or that never was. */
  readonly violations: readonly string[]
}

/** Compares what was read with what had been acknowledged before: of each table at least that version. */
export function check(lines: readonly Line[]): Outcome {
  const [reads, writes] = [lines.filter(line => line.kind === 'read'), lines.filter(line => line.kind === 'write')]
  const done = lines.filter(line => line.kind === 'done')
  const violations = lines.filter(line => line.kind === 'wrong').map(({ form, message }) => `form ${form}: ${message}`)
  const due = new Map<string, number>()
  const events = [...reads.map(line => ({ at: line.startedAt, line })), ...writes.map(line => ({ at: line.ackedAt, line }))]
  for (const { line } of events.toSorted((a, b) => a.at - b.at)) {
    for (const [table, version] of line.seen) {
      const known = due.get(table) ?? 0
      if (line.kind === 'write') due.set(table, Math.max(known, version))
      else if (version < known) violations.push(`form ${line.form}: ${table} at ${version}, when ${known} was due`)
    }
  }
  const sum = (count: 'hits' | 'rejected') => done.reduce((total, line) => total + line[count], 0)
  return { reads: reads.length, writes: writes.length, hits: sum('hits'), rejected: sum('rejected'), violations }
}
