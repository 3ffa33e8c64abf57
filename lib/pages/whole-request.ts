import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Asked } from '../http/asked.js'

/** Request fields by which a visitor asks for less than the whole page. */
export const CONDITIONS = ['if-none-match', 'if-modified-since', 'if-range', 'range'] as const

/** A request that was made to ask for the whole page, or whether the kept one still holds, as a GET instead of a HEAD, for as long as a handler answers it. */
export class WholeRequest {
  /** What the visitor sent: what a page varies on is compared with this, whatever a handler makes of the request. */
  readonly headers: IncomingHttpHeaders
  readonly method: string | undefined
  /** The fields that the handler does not see, and what `no-cache` says beside them. */
  readonly conditions: IncomingHttpHeaders = {}
  readonly request: IncomingMessage
  readonly #validators: IncomingHttpHeaders

  /** @param validators by which the handler is asked whether what is kept still holds, in the stead of the visitor's */
  constructor(request: IncomingMessage, validators: IncomingHttpHeaders = {}) {
    this.request = request
    this.#validators = validators
    this.headers = { ...request.headers }
    this.method = request.method
    for (const name of CONDITIONS) {
      if (request.headers[name] === undefined) continue
      Object.assign(this.conditions, { [name]: request.headers[name] })
      delete request.headers[name]
    }
    // A visitor who reloads (`no-cache`) wants the page, and not to hear that it has it.
    const { 'cache-control': reload } = request.headers
    if (reload !== undefined) this.conditions['cache-control'] = reload
    Object.assign(request.headers, validators)
    if (request.method === 'HEAD') request.method = 'GET'
  }

  /** What the visitor asks that the handler does not hear of. */
  get unseen(): Asked {
    return { method: this.method, headers: this.conditions }
  }

  /** Whether middleware has made a request of another method of it. */
  get isOverridden(): boolean {
    return this.request.method !== (this.method === 'HEAD' ? 'GET' : this.method)
  }

  /** Puts the request back to what the visitor sent. */
  giveBack(): void {
    this.request.method = this.method
    this.giveConditionsBack()
  }

  /** The same for the fields alone. */
  giveConditionsBack(): void {
    for (const name of Object.keys(this.#validators)) delete this.request.headers[name]
    Object.assign(this.request.headers, this.conditions)
  }
}
