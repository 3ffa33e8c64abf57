/** The text of a header field as Node holds it: several lines of one field are one list (RFC 9110, 5.3). Absent is empty. */
export function fieldText(field: number | string | readonly string[] | undefined): string {
  return Array.isArray(field) ? field.join() : String(field ?? '')
}
