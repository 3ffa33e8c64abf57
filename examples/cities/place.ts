const EARTH_RADIUS_KM = 6371
const WINDS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const

/** A point on the globe, in degrees; north and east are positive. */
export interface Place {
  readonly latitude: number
  readonly longitude: number
}

/** Great-circle distance in kilometres (haversine, on a sphere). */
export function distanceBetween(from: Place, to: Place): number {
  const across = haversine(to.latitude - from.latitude)
  const along = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * haversine(to.longitude - from.longitude)
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(across + along)))
}

/** The direction in which one leaves `from` to reach `to`, in radians clockwise from north. */
export function bearingBetween(from: Place, to: Place): number {
  const [start, end, turn] = [radians(from.latitude), radians(to.latitude), radians(to.longitude - from.longitude)]
  return Math.atan2(Math.sin(turn) * Math.cos(end), Math.cos(start) * Math.sin(end) - Math.sin(start) * Math.cos(end) * Math.cos(turn))
}

/** A bearing as one of eight winds. */
export function windOf(bearing: number): string {
  const eighth = Math.round((bearing / (2 * Math.PI)) * 8)
  return WINDS[(eighth + 8) % 8] ?? 'N'
}

/** `47.37° N, 8.55° E` */
export function coordinates({ latitude, longitude }: Place): string {
  return `${degrees(latitude)} ${latitude < 0 ? 'S' : 'N'}, ${degrees(longitude)} ${longitude < 0 ? 'W' : 'E'}`
}

function degrees(value: number): string {
  return `${Math.abs(value).toFixed(2)}°`
}

function haversine(angle: number): number {
  return Math.sin(radians(angle) / 2) ** 2
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180
}
