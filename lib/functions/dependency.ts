import { ConfigError, shown } from '../errors.js'
import { tagsOfArguments, tagsOfTouched, touchesArguments, type NamedArguments } from '../keys/label.js'
import { checkedOptions, flagOf } from '../options.js'
import type { AnyRow, HeardChange } from '../signals/model-signals.js'

/** Which argument sets a row touches: those with these values, or with no restriction in their place. A list stands for each of its items. */
export type Touches<Row> = (row: Row) => NamedArguments | undefined

/** How what is kept under a label depends on the rows of a model. */
export interface DependencyOptions<Row = AnyRow> {
  /** Which argument sets a row is in, as it was and as it is: what is kept of them is outdated when it changes. */
  readonly outdated?: Touches<Row>
  /** Which argument sets a row may come into. */
  readonly newcomers?: Touches<Row>
  /**
   * Loads what was touched anew, behind the caller's back, as far as this process knows of it.
   * @default false
   */
  readonly refresh?: boolean
}

/** One way of a dependency, and the names of the arguments that it speaks of. */
interface Way {
  readonly touches: Touches<AnyRow>
  readonly names: readonly string[]
}

/** What a change touches: everything, or what is said of each row. */
type Touched = 'everything' | readonly { readonly names: readonly string[]; readonly args: NamedArguments }[]

/** More tags than this for one change, and the whole label is purged. */
const MAX_TAGS = 1_000

export class Dependency {
  readonly model: string
  readonly refresh: boolean
  readonly #ways: readonly Way[]

  /** @throws {ConfigError} for an option that is unknown or of the wrong kind */
  constructor(model: string, options: unknown) {
    const { outdated, newcomers, refresh = false } = checkedOptions(options, `dependsOn.${model}`, ['outdated', 'newcomers', 'refresh'])
    this.model = model
    this.refresh = flagOf(refresh, `dependsOn.${model}.refresh`)
    this.#ways = Object.entries({ outdated, newcomers }).flatMap(([name, touches]) =>
      touches === undefined ? [] : [wayOf(model, name, touches)],
    )
  }

  /** The tags by which an argument set can be found. */
  tagsOf(label: string, args: NamedArguments): readonly string[] {
    return this.#ways.flatMap(({ names }) => (names.length === 0 ? [] : tagsOfArguments(label, names, args)))
  }

  /** What the change touches, seen from the row as it was and from the row as it is. */
  touched({ before, after }: HeardChange<AnyRow>): Touched {
    const rows = [before, after].filter(row => row !== undefined)
    if (rows.length === 0 || this.#ways.length === 0) return 'everything'
    const touched = rows.flatMap(row => this.#ways.map(({ touches, names }) => ({ names, args: touches(row) })))
    const known = touched.flatMap(({ names, args }) => (args === undefined ? [] : [{ names, args }]))
    // A row that touches no arguments by name touches all; so does one of which something else is said than was expected.
    return known.some(({ names, args }) => names.length === 0 || !sameNames(names, Object.keys(args))) ? 'everything' : known
  }
}

/** The tags to purge; `undefined` for the whole label. */
export function tagsToPurge(label: string, touched: Touched): readonly string[] | undefined {
  if (touched === 'everything') return undefined
  const tags = [...new Set(touched.flatMap(({ names, args }) => tagsOfTouched(label, names, args)))]
  return tags.length > MAX_TAGS ? undefined : tags
}

export function isTouched(touched: Touched, args: NamedArguments): boolean {
  return touched === 'everything' || touched.some(one => touchesArguments(one.names, one.args, args))
}

function wayOf(model: string, name: string, touches: unknown): Way {
  if (typeof touches !== 'function')
    throw new ConfigError(`Expected \`dependsOn.${model}.${name}\` to be a function, got ${shown(touches)}`)
  return { touches: touches as Touches<AnyRow>, names: namesIn(touches as Touches<AnyRow>) }
}

/** Which arguments the function speaks of, found by a row that has everything; none if that cannot be found, and then each change touches all. */
function namesIn(touches: Touches<AnyRow>): readonly string[] {
  try {
    return Object.keys(Object(touches(anyRow()))).toSorted()
  } catch {
    return []
  }
}

function anyRow(): AnyRow {
  const nothing = () => anything
  const anything: object = new Proxy(nothing, { get: (_, name) => (name === Symbol.toPrimitive ? () => '' : anything), apply: nothing })
  return anything as AnyRow
}

function sameNames(names: readonly string[], others: readonly string[]): boolean {
  return names.length === others.length && names.every(name => others.includes(name))
}
