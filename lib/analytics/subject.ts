/** What figures are about. */
export interface Subject {
  readonly namespace: string
  readonly kind: string
  readonly name: string
}
