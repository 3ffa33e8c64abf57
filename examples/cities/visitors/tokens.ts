import { createHmac, timingSafeEqual } from 'node:crypto'
import { PageError } from '../page-error.js'
import { visitorOf } from './visitor.js'
import type { Asked } from './visitor.js'

const FOREIGN = new PageError(
  403,
  'Not accepted',
  'This form was not sent from a page that was made for you. Load that page again, with cookies, and send it once more.',
)

/**
 * What forms carry so that no other site can send one in a visitor's name: it can have the browser send the visitor's cookie, but cannot read the page
 * in which this stands.
 */
export class Tokens {
  readonly #secret: string

  /** @param secret the same in all processes that answer together */
  constructor(secret: string) {
    this.#secret = secret
  }

  /** The token of who asks. */
  of(asked: Asked): string {
    return createHmac('sha256', this.#secret).update(visitorOf(asked).id).digest('base64url')
  }

  /** @throws {PageError} 403 for a form that who asks was not given */
  check(asked: Asked, form: URLSearchParams): void {
    const [own, sent] = [Buffer.from(this.of(asked)), Buffer.from(form.get('token') ?? '')]
    if (visitorOf(asked).id === '' || own.length !== sent.length || !timingSafeEqual(own, sent)) throw FOREIGN
  }
}
