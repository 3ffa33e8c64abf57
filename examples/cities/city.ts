import type { Place } from './place.js'

/** One row of the `cities` table, as the pages know it. */
export interface City extends Place {
  readonly id: number
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** The GeoNames feature code, `PPLC` for a capital. */
  readonly kind: string
  /** 0 where the source does not know. */
  readonly population: number
}

const KINDS: Readonly<Record<string, string>> = {
  PPLC: 'Capital',
  PPLG: 'Seat of government',
  PPLA: 'Regional capital',
  PPLA2: 'District seat',
  PPLA3: 'Local seat',
  PPLA4: 'Local seat',
  PPLA5: 'Local seat',
  PPLX: 'Part of a city',
  PPLL: 'Locality',
  PPLF: 'Farm village',
  PPLR: 'Religious place',
  PPLQ: 'Abandoned place',
  PPLW: 'Destroyed place',
  PPLH: 'Historical place',
  PPLCH: 'Historical capital',
  STLMT: 'Settlement',
}

/** What kind of place it is, in words. */
export function kindOf(city: City): string {
  return KINDS[city.kind] ?? 'City'
}
