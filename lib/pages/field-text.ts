/** The text of a header field as Node holds it: several lines of one field are one list (RFC 9110, 5.3). Absent is empty. */
export function fieldText(field: number | string | readonly string[] | undefined): string {
  return Array.isArray(field) ? field.join() : String(field ?? '')
}

/** Is it a token, as the names of fields are (RFC 9110, 5.6.2)? */
export function isToken(text: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(text)
}
