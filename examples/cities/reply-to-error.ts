import { PageError, badRequest } from './page-error.js'
import { errorPage } from './pages/error-page.js'
import { page } from './reply.js'
import type { Reply } from './route.js'

const FAILED = new PageError(500, 'Something went wrong', 'This is our fault, not yours. The terminal knows more.')
const NOT_UNDERSTOOD = badRequest('The address or the request is not well-formed.')

/** The page for an error. What is not the visitor's doing is written to the terminal as well. */
export function replyToError(error: unknown): Reply {
  const shown = error instanceof PageError ? error : blamesTheVisitor(error) ? NOT_UNDERSTOOD : FAILED
  if (shown === FAILED) console.error(error)
  const { headers, ...reply } = page(errorPage(shown.status, shown.title, shown.message), shown.status)
  return { ...reply, headers: { ...headers, 'Cache-Control': 'no-store' } }
}

/** Express and Koa put a status on what they refuse themselves, such as a broken escape in an address. */
function blamesTheVisitor(error: unknown): boolean {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status >= 400 && error.status < 500
}
