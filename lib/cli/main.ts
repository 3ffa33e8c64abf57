#!/usr/bin/env node
import { run } from './run.js'

const stop = new AbortController()
process.once('SIGINT', () => {
  stop.abort()
  // A second one ends it, whatever it is at.
})
// Whoever reads may have had enough: `smart-cache events | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})
process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  folder: process.cwd(),
  signal: stop.signal,
})
