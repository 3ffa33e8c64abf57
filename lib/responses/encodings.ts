import type { OutgoingHttpHeaders } from 'node:http'
import type { Engine } from '../cache/engine.js'
import type { Entry } from '../entries/entry.js'
import { AcceptEncoding } from '../http/accept-encoding.js'
import { parseCacheControl } from '../http/cache-control.js'
import { encoded, type Coding } from '../http/codings.js'
import type { Asked } from '../http/asked.js'
import { fieldText, hasDigest } from '../http/field-text.js'
import { Form, partsOf } from './form.js'
import type { KeptPage } from './kept-page.js'
import { deflatedPart } from './stitched-gzip.js'

/** What fits into one packet anyway is not worth the visitor's work. */
const MIN_BYTES = 1024

/** An encoding has to save this share at least. */
const WORTH = 0.9

/** How many pages are encoded at once, besides those that somebody waits for. */
const MAX_AT_ONCE = 2

const NOT_KEPT = Promise.resolve(undefined)

const COMPRESSIBLE =
  /^(?:text\/[^;]+|image\/(?:svg\+xml|bmp|x-icon|vnd\.microsoft\.icon)|font\/(?:otf|ttf)|application\/(?:(?:x-)?javascript|ecmascript|json5?|xml|xhtml\+xml|wasm|x-ndjson|graphql|sql|toml|yaml|rtf|vnd\.ms-fontobject)|[\w.-]+\/[^;\s]+\+(?:json|xml|text|yaml))\s*(?:;|$)/i

/** May a body of this length, if it is known, be encoded under this head (names in lower case)? */
export function isEncodable(headers: OutgoingHttpHeaders, length: number | undefined): boolean {
  if ((length !== undefined && length <= MIN_BYTES) || !COMPRESSIBLE.test(fieldText(headers['content-type']))) return false
  if (headers['content-encoding'] !== undefined || hasDigest(headers)) return false
  return parseCacheControl(headers['cache-control'])?.has('no-transform') !== true
}

/** The forms of one kept page that are made. */
interface Forms {
  readonly identity: Form
  readonly encoded: Map<Coding, Form>
  /** What is being encoded, or was not worth it. */
  readonly begun: Map<Coding, Promise<Form | undefined>>
}

/**
 * Chooses the form in which a kept page is sent. Encoded forms are made on other threads when they are first asked for, behind the answer,
 * and lie beside the page in this process's memory for as long as it does.
 */
export class Encodings {
  readonly #engine: Engine
  readonly #accept: AcceptEncoding
  readonly #forms = new WeakMap<Entry, Forms>()
  #running = 0

  /** @param codings in the order of preference */
  constructor(engine: Engine, codings: readonly Coding[]) {
    this.#engine = engine
    this.#accept = new AcceptEncoding(codings)
  }

  /** The page as it is. */
  identity(entry: Entry, page: KeptPage): Form {
    return this.#formsOf(entry, page).identity
  }

  /** May the visitor be sent the page as it is? Who refuses that and all that is offered may be, too (RFC 9110, 12.5.3). */
  takesIdentity(page: KeptPage, asked: Asked): boolean {
    const welcome = this.#welcome(page, asked)
    return welcome === undefined || welcome.length === 0 || welcome.includes('identity')
  }

  /**
   * The most welcome form that is made; one that would be more so is begun. `undefined` if only such forms will do as are yet to be made.
   */
  choose(entry: Entry, page: KeptPage, asked: Asked): Form | undefined {
    const forms = this.#formsOf(entry, page)
    const welcome = this.#welcome(page, asked)
    if (welcome === undefined || welcome.length === 0) return forms.identity
    for (const coding of welcome) {
      if (coding === 'identity') return forms.identity
      const form = forms.encoded.get(coding)
      if (form !== undefined) return form
      this.#begin(entry, forms, coding)
    }
    return undefined
  }

  /** The most welcome form, when it is made; the page as it is, where encoding it is not worth while. */
  async made(entry: Entry, page: KeptPage, asked: Asked): Promise<Form> {
    const forms = this.#formsOf(entry, page)
    const [coding = 'identity'] = this.#welcome(page, asked) ?? []
    return (coding === 'identity' ? undefined : await this.#make(entry, forms, coding)) ?? forms.identity
  }

  /** What the visitor takes, the most welcome first; `undefined` if nothing is offered but the page as it is. */
  #welcome({ encodable, body, holes }: KeptPage, { headers }: Asked): readonly (Coding | 'identity')[] | undefined {
    const field = headers['accept-encoding']
    // A page that came in parts has announced that it may be encoded before its length was known.
    if (field === undefined || !encodable || body.length <= MIN_BYTES) return undefined
    if (headers['cache-control'] !== undefined && parseCacheControl(headers['cache-control'])?.has('no-transform') === true)
      return undefined
    const welcome = this.#accept.welcome(fieldText(field))
    // Of these codings gzip alone can be made around holes, once for all visitors.
    return holes === undefined ? welcome : welcome.filter(coding => coding === 'gzip' || coding === 'identity')
  }

  #formsOf(entry: Entry, page: KeptPage): Forms {
    const known = this.#forms.get(entry)
    if (known !== undefined) return known
    const forms = { identity: new Form(page, undefined, page.body), encoded: new Map(), begun: new Map() }
    this.#forms.set(entry, forms)
    return forms
  }

  /** Who is too busy does not queue: the page will be asked for again. */
  #begin(entry: Entry, forms: Forms, coding: Coding): void {
    const { store, announce } = this.#engine
    if (forms.begun.has(coding) || this.#running >= MAX_AT_ONCE || store.grow === undefined || store.peek(entry.key) !== entry) return
    this.#make(entry, forms, coding).catch((error: unknown) => announce.error('keep', entry.key, error))
  }

  #make(entry: Entry, forms: Forms, coding: Coding): Promise<Form | undefined> {
    const making = forms.begun.get(coding) ?? this.#encode(entry, forms, coding)
    forms.begun.set(coding, making)
    return making
  }

  async #encode(entry: Entry, forms: Forms, coding: Coding): Promise<Form | undefined> {
    const { page, body } = forms.identity
    this.#running++
    try {
      const form = page.holes === undefined ? new Form(page, coding, await encoded(body, coding)) : await encodedAround(page, coding)
      const bytes = form.body
      if (bytes.length > WORTH * body.length) return undefined
      // It lies there for as long as the page, and counts: what has left the memory meanwhile gets nothing any more.
      if (this.#engine.store.grow?.(entry, bytes.length) === true) forms.encoded.set(coding, form)
      else forms.begun.set(coding, NOT_KEPT)
      return form
    } finally {
      this.#running--
    }
  }
}

/** What is around the holes, encoded on another thread. */
async function encodedAround(page: KeptPage, coding: Coding): Promise<Form> {
  const parts = await Promise.all(partsOf(page).map(async ({ plain }) => ({ plain, sent: await deflatedPart(plain) })))
  return new Form(page, coding, Buffer.concat(parts.map(({ sent }) => sent)), parts)
}
