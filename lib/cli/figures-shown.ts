import { span } from '../analytics/advice.js'
import type { Subject } from '../analytics/subject.js'

const COUNTS = new Intl.NumberFormat('en')

export function count(number: number): string {
  return COUNTS.format(Math.round(number))
}

/** So many of something. */
export function counted(number: number, one: string, several = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : several}`
}

export function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${(100 * share).toFixed(1)} %`
}

/** With one decimal always, so that figures stand under each other. */
export function time(ms: number | undefined): string {
  return ms === undefined || ms === 0 ? '-' : span(ms, figures => figures.toFixed(1))
}

export function bytes(number: number): string {
  if (number < 1_024) return `${Math.round(number)} B`
  for (const [unit, size] of [
    ['KiB', 1_024],
    ['MiB', 1_024 ** 2],
  ] as const)
    if (number < size * 1_024) return `${(number / size).toFixed(1)} ${unit}`
  return `${(number / 1_024 ** 3).toFixed(1)} GiB`
}

/** An instant (epoch ms) to the second, in the time of this machine. */
export function instant(at: number): string {
  if (at === 0) return 'never'
  const date = new Date(at - new Date(at).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

/** Of a query a digest is written down, which says nothing without its tables. */
export function entryShown({ namespace, kind, name, shown }: Subject & { readonly shown: string }): string {
  const said = kind === 'query' ? shown.replace(/^query\b/, `query of ${name}`) : shown
  return namespace === '' ? said : `${namespace}: ${said}`
}
