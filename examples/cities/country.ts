const NAMES = new Intl.DisplayNames('en', { type: 'region' })

/** A country, or a territory with a code of its own, with what its cities add up to. */
export interface Country {
  /** ISO 3166-1 alpha-2. */
  readonly code: string
  readonly cities: number
  readonly population: number
}

/** The English name of a country code. */
export function countryName(code: string): string {
  return NAMES.of(code) ?? code
}
