import type { Place } from '../place.js'
import type { Point } from './dots.js'

const KM_PER_DEGREE = 111.195
const MARGIN = 16
/** Less than this many degrees are not shown larger: a single city is a point. */
const LEAST_EXTENT = 0.2
/** This share at either end may lie outside the frame, if the rest gains by this factor: islands half an ocean away. */
const FAR_OFF = { share: 0.01, gain: 2.5 }

export interface Frame {
  readonly width: number
  readonly minHeight: number
  readonly maxHeight: number
}

export interface Projection {
  readonly height: number
  /** Along a parallel through the middle of the map. */
  readonly kmPerUnit: number
  readonly toPoint: (place: Place) => Point
}

/** A flat map that shows the places as large as the frame lets it, true to shape at their middle latitude. */
export function fitProjection(places: readonly Place[], frame: Frame): Projection {
  const origin = westernEdge(places.map(({ longitude }) => longitude))
  const eastOf = ({ longitude }: Place): number => (longitude - origin + 360) % 360
  const [south, north] = extent(places.map(({ latitude }) => latitude))
  const [west, east] = extent(places.map(eastOf))
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const across = (east - west) * shrink
  const along = north - south
  const scale = Math.min(
    (frame.width - 2 * MARGIN) / Math.max(across, LEAST_EXTENT),
    (frame.maxHeight - 2 * MARGIN) / Math.max(along, LEAST_EXTENT),
  )
  const height = Math.ceil(Math.max(frame.minHeight, along * scale + 2 * MARGIN))
  const left = (frame.width - across * scale) / 2
  const top = (height - along * scale) / 2
  return {
    height,
    kmPerUnit: KM_PER_DEGREE / scale,
    toPoint: place => ({ x: left + (eastOf(place) - west) * shrink * scale, y: top + (north - place.latitude) * scale }),
  }
}

/** Where the widest empty stretch of longitudes ends, so that countries across the 180th meridian stay in one piece. */
function westernEdge(longitudes: readonly number[]): number {
  const sorted = longitudes.toSorted((one, other) => one - other)
  const gaps = sorted.map((longitude, index) => ({ longitude, gap: longitude - (sorted[index - 1] ?? (sorted.at(-1) ?? 0) - 360) }))
  return gaps.reduce((widest, one) => (one.gap > widest.gap ? one : widest), { longitude: 0, gap: -1 }).longitude
}

function extent(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((one, other) => one - other)
  const skipped = Math.floor(sorted.length * FAR_OFF.share)
  const whole = [sorted[0] ?? 0, sorted.at(-1) ?? 0] as const
  const most = [sorted[skipped] ?? 0, sorted.at(-1 - skipped) ?? 0] as const
  return whole[1] - whole[0] > FAR_OFF.gain * (most[1] - most[0]) && skipped > 0 ? most : whole
}
