import type { Reply } from './route.js'

const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
} as const

export function page(body: string, status = 200): Reply {
  return { status, headers: PAGE_HEADERS, body }
}

/** To the page that shows what a form has done: reloading it does not send the form again. */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { Location: location }, body: '' }
}

/** To the one address a page has. */
export function movedTo(location: string): Reply {
  return { status: 301, headers: { Location: location }, body: '' }
}
