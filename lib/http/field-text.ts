import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** The text of a header field as Node holds it: several lines of one field are one list (RFC 9110, 5.3). Absent is empty. */
export function fieldText(field: number | string | readonly string[] | undefined): string {
  return Array.isArray(field) ? field.join() : String(field ?? '')
}

/** Is it a token, as the names of fields are (RFC 9110, 5.6.2)? */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(text)
}

/** Fields that hold for these very bytes alone (RFC 9530). */
const DIGESTS = ['content-digest', 'content-md5', 'digest']

/** Does the head, names in lower case, say something that is true of its body as it is, and of no other form or part of it? */
export function hasDigest(headers: OutgoingHttpHeaders): boolean {
  return DIGESTS.some(name => headers[name] !== undefined)
}

/** The text of a response's field as it stands now. */
export function fieldSent(response: ServerResponse, name: string): string | undefined {
  const value = response.getHeader(name)
  return value === undefined ? undefined : String(value)
}
