import { ConfigError, shown } from '../errors.js'
import { checkedOptions, functionOf } from '../options.js'
import type { Change, ChangeKind, ModelSignals } from './model-signals.js'

/** Which methods write, if nothing is said, and what they do. */
const CONVENTION = {
  save: 'saved',
  insert: 'saved',
  create: 'saved',
  update: 'saved',
  upsert: 'saved',
  delete: 'deleted',
  remove: 'deleted',
  destroy: 'deleted',
} as const satisfies Readonly<Record<string, ChangeKind>>

export type Conventional = keyof typeof CONVENTION

export interface RepositoryOptions<Repository extends object, Name extends keyof Repository> {
  /**
   * The methods that write, and what they do.
   * @default those of these names that there are: `save`, `insert`, `create`, `update`, `upsert`; `delete`, `remove`, `destroy`
   */
  readonly writes?: Readonly<Record<Name, ChangeKind>>
  /** Reads the row as it is before the write, of the write's arguments. Without it only what the method is given and returns is known. */
  readonly before?: (...args: never[]) => unknown
}

/**
 * The repository. A writing method is done when the signal's listeners are, so one that returns at once returns a promise here; one that returns a
 * promise keeps its type, overloads and all.
 */
export type Announcing<Repository extends object, Name extends keyof Repository> = {
  readonly [Key in keyof Repository]: Key extends Name
    ? Repository[Key] extends (...args: never[]) => Promise<unknown>
      ? Repository[Key]
      : Repository[Key] extends (...args: infer Args) => infer Result
        ? (...args: Args) => Promise<Awaited<Result>>
        : Repository[Key]
    : Repository[Key]
}

type Method = (...args: unknown[]) => unknown

/** @throws {ConfigError} for an option that is unknown or of the wrong kind, or if nothing writes */
export function announcing<Repository extends object, Name extends keyof Repository>(
  signals: ModelSignals,
  model: string,
  repository: Repository,
  options: RepositoryOptions<Repository, Name> | undefined,
): Announcing<Repository, Name> {
  if (typeof repository !== 'object' || repository === null)
    throw new ConfigError(`Expected a repository to be an object, got ${shown(repository)}`)
  const { writes = CONVENTION, before: given } = checkedOptions(options, 'repository()', ['writes', 'before'])
  const before = functionOf(given, 'before') as Method | undefined
  const kinds = kindsOf(repository, writes, writes !== CONVENTION)
  const methods = new Map<string | symbol, Method>()
  for (const [name, kind] of kinds) methods.set(name, writing(signals, model, repository, { name, kind, before }))
  return new Proxy(repository, {
    get(target, name) {
      const value: unknown = methods.get(name) ?? Reflect.get(target, name, target)
      // Called on the proxy, a method of a class could not reach its private fields.
      return typeof value === 'function' && !methods.has(name) ? (value as Method).bind(target) : value
    },
  }) as Announcing<Repository, Name>
}

function kindsOf(repository: object, writes: unknown, strict: boolean): ReadonlyMap<string, ChangeKind> {
  if (typeof writes !== 'object' || writes === null)
    throw new ConfigError(`Expected \`writes\` to be an object of methods, got ${shown(writes)}`)
  const kinds = new Map<string, ChangeKind>()
  for (const [name, kind] of Object.entries(writes)) {
    if (kind !== 'saved' && kind !== 'deleted')
      throw new ConfigError(`Expected \`writes.${name}\` to be 'saved' or 'deleted', got ${shown(kind)}`)
    if (typeof Reflect.get(repository, name) === 'function') kinds.set(name, kind)
    else if (strict) throw new ConfigError(`Expected \`writes\` to name methods of the repository, got ${shown(name)}`)
  }
  if (kinds.size === 0)
    throw new ConfigError(`The repository has none of ${Object.keys(CONVENTION).join(', ')}: name what writes in \`writes\``)
  return kinds
}

interface Write {
  readonly name: string
  readonly kind: ChangeKind
  readonly before: Method | undefined
}

function writing(signals: ModelSignals, model: string, repository: object, { name, kind, before: read }: Write): Method {
  return async (...args) => {
    const before = await read?.(...args)
    let result: unknown
    try {
      result = await (Reflect.get(repository, name) as Method).apply(repository, args)
    } catch (error) {
      // It may have been written all the same.
      await signals[kind](model, changeOf(kind, before, undefined, args))
      throw error
    }
    await signals[kind](model, changeOf(kind, before, result, args))
    return result
  }
}

function changeOf(kind: ChangeKind, before: unknown, result: unknown, args: readonly unknown[]): Change<unknown> {
  const row = rowIn(result)
  const given = args.map(rowIn).find(one => one !== undefined)
  if (kind === 'deleted') return { before: before ?? row ?? given ?? idOf(args) }
  // What is given to be changed may be a part of the row.
  return { before, after: row ?? { ...idOf(args), ...rowIn(before), ...given } }
}

function rowIn(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
}

/** All that is known of a row that is named by its id alone. */
function idOf([id]: readonly unknown[]): object | undefined {
  return typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint' ? { id } : undefined
}
