import { KeyError, shown } from '../errors.js'
import { canonical } from './canonical.js'
import { OWN } from './names.js'

/** Arguments by their names. `null` and absent is no restriction. */
export type NamedArguments = Readonly<Record<string, unknown>>

/** The tag of everything that is kept under a label. */
export function labelTag(label: string): string {
  return `${OWN}label ${label}`
}

/** The key of one argument set. @throws {KeyError} */
export function labelKey(label: string, args: NamedArguments): string {
  if (typeof args !== 'object' || args === null || Array.isArray(args))
    throw new KeyError(`Expected the arguments of ${shown(label)} to be an object of names and values, got ${shown(args)}`)
  return `${label}(${canonical(given(args))})`
}

/** The arguments that restrict something. */
export function given(args: NamedArguments): NamedArguments {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined && value !== null))
}

/**
 * The tags that an argument set has because rows are told to touch arguments by these names. One of its lists stands for each of its items.
 * @throws {KeyError}
 */
export function tagsOfArguments(label: string, names: readonly string[], args: NamedArguments): readonly string[] {
  return combinations(names.map(name => choices(args[name]))).map(values => argumentTag(label, names, values))
}

/**
 * The tags of all argument sets that a row touches which touches these: those that have its values, or no restriction in their place.
 * @throws {KeyError}
 */
export function tagsOfTouched(label: string, names: readonly string[], touched: NamedArguments): readonly string[] {
  const open = canonical(null)
  return combinations(names.map(name => [...new Set([...choices(touched[name]), open])])).map(values => argumentTag(label, names, values))
}

/** Does a row that touches these touch the argument set? */
export function touchesArguments(names: readonly string[], touched: NamedArguments, args: NamedArguments): boolean {
  const open = canonical(null)
  return names.every(name => {
    const wanted = choices(args[name])
    return wanted.includes(open) || choices(touched[name]).some(choice => wanted.includes(choice))
  })
}

function argumentTag(label: string, names: readonly string[], values: readonly string[]): string {
  return `${labelTag(label)} ${JSON.stringify(names)} ${values.join()}`
}

function choices(value: unknown): readonly string[] {
  return Array.isArray(value) ? [...new Set(value.map(canonical))] : [canonical(value ?? null)]
}

function combinations(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return lists.reduce<readonly (readonly string[])[]>((all, list) => all.flatMap(one => list.map(item => [...one, item])), [[]])
}
