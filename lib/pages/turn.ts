import type { Engine } from '../cache/engine.js'
import { shapeOfPath } from '../keys/shape.js'
import type { Answer } from '../responses/answer.js'
import type { Exchange } from './exchange.js'
import type { ResponseRecorder } from '../responses/response-recorder.js'

/** What is to be done with a request. */
export type Turn =
  /** Answer it, and then, if there is a `refresh`, run that. */
  | { readonly do: 'serve'; readonly answer: Answer; readonly refresh?: (() => void) | undefined }
  /** Run the handler, and keep nothing. */
  | { readonly do: 'pass'; readonly reason: string }
  /** Run the handler under the recording. */
  | { readonly do: 'record'; readonly recording: ResponseRecorder }
  /** Nothing: the visitor has gone. */
  | { readonly do: 'drop' }

/** The cache is not asked about the request, and says so to who listens. */
export function bypassed<Visit>(
  { engine, prefix }: { readonly engine: Engine; readonly prefix: string },
  { route, url }: Exchange<Visit>,
  reason: string,
): Turn {
  engine.announce.bypass(prefix, reason, route ?? shapeOfPath(url), 'page')
  return { do: 'pass', reason }
}
