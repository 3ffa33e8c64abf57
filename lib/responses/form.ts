import type { Entry } from '../entries/entry.js'
import type { Coding } from '../http/codings.js'
import type { HeaderValue, KeptPage } from './kept-page.js'
import { hasNonce } from './nonces.js'

/** A flat head, as `writeHead` takes it. */
export type Head = readonly HeaderValue[]

/** A head that all hits of one second are answered with, made once a second. */
class HeadOfSecond {
  #second = NaN
  #staleAt = NaN
  #head: Head = []

  /** The head at `now`, made by `make` if that of this second is not there yet. */
  at({ staleAt }: Entry, now: number, make: () => Head): Head {
    const second = Math.floor(now / 1000)
    if (this.#second !== second || this.#staleAt !== staleAt) {
      this.#head = make()
      this.#second = second
      this.#staleAt = staleAt
    }
    return this.#head
  }
}

/** What lies between two holes of a page: as it is kept, and as it is sent. */
export interface PagePart {
  readonly plain: Buffer
  readonly sent: Buffer
}

/** The parts of a page as it is, one more than it has holes. */
export function partsOf({ holes = [], body }: KeptPage): readonly PagePart[] {
  const borders = [0, ...holes.map(({ at }) => at), body.length]
  return borders.slice(1).map((end, place) => {
    const plain = body.subarray(borders[place], end)
    return { plain, sent: plain }
  })
}

const NO_PARTS: readonly PagePart[] = []

/** One form of a kept page: as it is, or encoded. */
export class Form {
  readonly page: KeptPage
  /** `undefined` for the page as it is. */
  readonly coding: Coding | undefined
  readonly etag: string | undefined
  readonly body: Buffer
  /** Of a page with holes, what is around them. */
  readonly parts: readonly PagePart[]
  /** Whether the head of each answer has a nonce of its own. */
  readonly nonced: boolean
  /** The head of a hit with the whole page. */
  readonly head = new HeadOfSecond()
  /** The same of a 304. */
  readonly headOf304 = new HeadOfSecond()

  constructor(page: KeptPage, coding: Coding | undefined, body: Buffer, parts = page.holes === undefined ? NO_PARTS : partsOf(page)) {
    this.page = page
    this.coding = coding
    this.etag = coding === undefined ? page.etag : encodedTag(page.etag, coding)
    this.body = body
    this.parts = parts
    this.nonced = page.holes !== undefined && hasNonce(page.headers)
  }
}

/** The validator of the encoded bytes. A weak one says nothing of bytes, and serves for all forms (RFC 9110, 8.8.3.3). */
export function encodedTag(etag: string | undefined, coding: Coding): string | undefined {
  return etag === undefined || etag.startsWith('W/') ? etag : `${etag.slice(0, -1)}-${coding}"`
}
