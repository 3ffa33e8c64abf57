/** The parts of frameworks by which applications read a request: who calls them is the reader. */
const ACCESSORS =
  /[\\/]node_modules[\\/](?:express[\\/]lib[\\/]request\.js|koa[\\/]lib[\\/](?:request|context)\.js|(?:cookies|accepts|negotiator|type-is|delegates)[\\/](?!.*[\\/]node_modules[\\/]))/

const PACKAGE = /[\\/]node_modules[\\/]/

/** Deep enough to get out of a framework's accessors. */
const FRAMES = 16

/**
 * Where in the application somebody reads something, as `file:line:column`. `undefined` if it is not the application that does: what a
 * package reads, a framework on its way to answer above all, is not taken for the handler's doing.
 * @param below the innermost function that is left out, with all that it has called
 */
export function placeOfReader(below: (...args: never[]) => unknown): string | undefined {
  const { stackTraceLimit } = Error
  const trace: { stack?: string } = {}
  Error.stackTraceLimit = FRAMES
  Error.captureStackTrace(trace, below)
  Error.stackTraceLimit = stackTraceLimit
  const frames = (trace.stack ?? '').split('\n').map(line => /\(?((?:file:\/\/)?(?:[a-z]:)?[^\s()]*[^\s():]):(\d+):(\d+)\)?$/i.exec(line))
  const reader = frames.find(frame => frame !== null && !ACCESSORS.test(frame[1] ?? ''))
  const [, file = '', line, column] = reader ?? []
  if (reader === undefined || reader === null || file.startsWith('node:') || PACKAGE.test(file)) return undefined
  return `${decodeURI(file.replace(/^file:\/\//, ''))}:${line}:${column}`
}
