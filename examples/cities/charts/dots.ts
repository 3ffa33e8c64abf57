export interface Point {
  readonly x: number
  readonly y: number
}

/** Path data with a dot at each point, drawn by a round line cap: a fraction of the bytes of a circle each. */
export function dots(points: readonly Point[]): string {
  const distinct = [
    ...new Map(points.map(({ x, y }) => [`${Math.round(x)} ${Math.round(y)}`, { x: Math.round(x), y: Math.round(y) }])).values(),
  ]
  distinct.sort((one, other) => one.y - other.y || one.x - other.x)
  let pen: Point = { x: 0, y: 0 }
  return distinct
    .map(point => {
      const step = `m${point.x - pen.x} ${point.y - pen.y}h0`
      pen = point
      return step
    })
    .join('')
}
