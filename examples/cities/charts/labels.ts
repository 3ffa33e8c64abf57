import { html } from '../html.js'
import type { Html } from '../html.js'
import type { Point } from './dots.js'

const LINE = 13
const LETTER = 6.2

export interface Label {
  readonly text: string
  readonly at: Point
  /** Of the mark it names. */
  readonly radius: number
}

interface Box {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/**
 * Names beside their marks, first come first served: right, left, above or below, and none where no place is free. The first name is
 * always there, if need be over other marks.
 */
export function placeLabels(labels: readonly Label[], width: number, height: number): readonly Html[] {
  const marks = labels.map(({ at, radius }) => ({ left: at.x - radius, right: at.x + radius, top: at.y - radius, bottom: at.y + radius }))
  const names: Box[] = []
  return labels.flatMap((label, index) => {
    const free = candidates(label)
      .filter(box => box.left > 0 && box.right < width && box.top > 0 && box.bottom < height)
      .filter(box => !names.some(name => overlap(name, box)))
    const box =
      free.find(one => !marks.some((mark, position) => position !== index && overlap(mark, one))) ?? (index === 0 ? free[0] : undefined)
    if (!box) return []
    names.push(box)
    return [html`<text class="label" x="${box.left.toFixed(1)}" y="${(box.bottom - 3).toFixed(1)}">${label.text}</text>`]
  })
}

function candidates({ text, at, radius }: Label): readonly Box[] {
  const long = text.length * LETTER
  const gap = radius + 3
  const corners: readonly Point[] = [
    { x: at.x + gap, y: at.y - LINE / 2 },
    { x: at.x - gap - long, y: at.y - LINE / 2 },
    { x: at.x - long / 2, y: at.y - gap - LINE },
    { x: at.x - long / 2, y: at.y + gap },
  ]
  return corners.map(({ x, y }) => ({ left: x, right: x + long, top: y, bottom: y + LINE }))
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}
