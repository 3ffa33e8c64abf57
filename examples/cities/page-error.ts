/** Ends a request with a page that says, to a person, what is wrong with it. */
export class PageError extends Error {
  override readonly name = 'PageError'
  readonly status: number
  readonly title: string

  constructor(status: number, title: string, explanation: string) {
    super(explanation)
    this.status = status
    this.title = title
  }
}

export function notFound(explanation = 'There is no page at this address.'): PageError {
  return new PageError(404, 'Not found', explanation)
}

export function badRequest(explanation: string): PageError {
  return new PageError(400, 'That cannot be answered', explanation)
}
