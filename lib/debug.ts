const PATTERNS = (process.env['DEBUG'] ?? '').split(/[\s,]+/).filter(pattern => pattern !== '')

/** Has somebody asked to be told of this area, by `DEBUG=smart-cache:pages`, or a pattern that has it: `DEBUG=smart-cache:*`? */
export function isDebugged(area: string): boolean {
  const topic = `smart-cache:${area}`
  return PATTERNS.some(pattern => pattern === topic || (pattern.endsWith('*') && topic.startsWith(pattern.slice(0, -1))))
}

/** Writes one line to the terminal. */
export function debug(area: string, text: string): void {
  process.stderr.write(`smart-cache:${area} ${text}\n`)
}
