import { renderReport, renderSearch } from './report.js'

/** What every server answers with. */
export interface Page {
  /** As a handler makes it. */
  readonly content: object | string | Buffer
  /** How a handler makes it, where that is work. */
  readonly make?: () => string
  readonly body: Buffer
  /** The fields of a hit from `smart-cache`, for servers without it: everybody sends as much. */
  readonly head: Readonly<Record<string, string>>
  /** Those of a 304. */
  readonly headOf304: Readonly<Record<string, string>>
}

export type Kind = 'json' | 'html' | 'binary' | 'report' | 'search'

const KIB = 1024
const blank = { id: 7, title: 'Notes', tags: ['first', 'second'], text: '' }

const made: Readonly<Record<Kind, () => Page>> = {
  json: () => {
    const content = { ...blank, text: 'x'.repeat(KIB - JSON.stringify(blank).length) }
    return pageOf(content, Buffer.from(JSON.stringify(content)), 'application/json; charset=utf-8')
  },
  html: () => {
    const content = `<!doctype html><title>Notes</title>${'<p>One note more.</p>'.repeat(100 * KIB)}`.slice(0, 100 * KIB)
    return pageOf(content, Buffer.from(content), 'text/html; charset=utf-8')
  },
  report: () => renderedPage(renderReport),
  search: () => renderedPage(renderSearch),
  binary: () => {
    const content = Buffer.alloc(KIB * KIB, '0123456789')
    return pageOf(content, content, 'application/octet-stream')
  },
}

/** The page of this kind: 1 KiB of JSON, 100 KiB of HTML, 1 MiB of bytes, or a table of 100 or of 10 KiB that is rendered each time. */
export function page(kind: string): Page {
  const make = made[kind as Kind] as (() => Page) | undefined
  if (make === undefined) throw new Error(`There is no page of the kind "${kind}"`)
  return make()
}

function renderedPage(make: () => string): Page {
  const content = make()
  return { ...pageOf(content, Buffer.from(content), 'text/html; charset=utf-8'), make }
}

const ETAG = '"400-XvcTJYUeCNaNYfSDVbKFYmFWuEg"'
const STATUS = { Age: '7', 'Cache-Status': 'smart-cache; hit; ttl=3592' }

function pageOf(content: Page['content'], body: Buffer, type: string): Page {
  const vary = type.startsWith('text/') ? { Vary: 'Accept-Encoding' } : {}
  const head = { 'Content-Type': type, 'Accept-Ranges': 'bytes', ...vary, ETag: ETAG, 'Content-Length': String(body.length), ...STATUS }
  return { content, body, head, headOf304: { ...vary, ETag: ETAG, ...STATUS } }
}
