const WHOLE = new Intl.NumberFormat('en')
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 3 })

/** 22315474 as `22,315,474`. */
export function whole(value: number): string {
  return WHOLE.format(value)
}

/** 22315474 as `22.3 million`. */
export function short(value: number): string {
  return SHORT.format(value)
}

/** The source counts nobody where it does not know. */
export function population(value: number): string {
  return value === 0 ? 'not known' : whole(value)
}

export function kilometres(value: number): string {
  return value < 10 ? `${value.toFixed(1)} km` : `${whole(Math.round(value))} km`
}
