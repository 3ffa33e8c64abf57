import { ConfigError, shown } from '../errors.js'
import type { NamedArguments } from '../keys/label.js'

/** Loads for named arguments. */
export type LabelLoader = (args: NamedArguments) => unknown

type Loader = (...args: readonly unknown[]) => unknown

/**
 * Calls `load` with the arguments in the order of its parameters, or, if it has one that it takes apart, with the arguments as one object.
 * @param load a function, or where one is: `'./offers.js#findOffers'`
 * @param names the names of the parameters, if they cannot be read from the function, as where programs are made smaller
 * @throws {ConfigError}
 */
export function labelLoader(load: unknown, names: unknown, base: unknown): LabelLoader {
  if (names !== undefined && !(Array.isArray(names) && names.every(name => typeof name === 'string'))) {
    throw new ConfigError(`Expected \`args\` to be an array of names, got ${shown(names)}`)
  }
  const given = names as readonly string[] | undefined
  if (typeof load === 'function') return caller(load as Loader, given)
  const [, path, name] = (typeof load === 'string' && /^(.+)#([\w$]+)$/.exec(load)) || []
  if (path === undefined || name === undefined) {
    throw new ConfigError(`Expected \`load\` to be a function, or where one is, such as './offers.js#findOffers', got ${shown(load)}`)
  }
  const module = resolved(path, base)
  let found: Promise<LabelLoader> | undefined
  return async args => {
    found ??= imported(module, name, given)
    // What cannot be found now may be there later.
    found.catch(() => (found = undefined))
    return (await found)(args)
  }
}

function resolved(path: string, base: unknown): string {
  if (!/^\.{0,2}\//.test(path)) return path
  if (typeof base !== 'string' && !(base instanceof URL)) {
    throw new ConfigError(`Expected \`base\` (import.meta.url) to go with the path ${shown(path)}`)
  }
  return new URL(path, base).href
}

async function imported(module: string, name: string, names: readonly string[] | undefined): Promise<LabelLoader> {
  const load = ((await import(module)) as Readonly<Record<string, unknown>>)[name]
  if (typeof load === 'function') return caller(load as Loader, names)
  throw new ConfigError(`Expected ${shown(module)} to export a function \`${name}\`, got ${shown(load)}`)
}

function caller(load: Loader, given: readonly string[] | undefined): LabelLoader {
  const names = given ?? parametersOf(load)
  return names === undefined ? args => load(args) : args => load(...names.map(name => args[name]))
}

/** The names of the parameters; `undefined` for one that is taken apart. @throws {ConfigError} if they cannot be read */
function parametersOf(load: Loader): readonly string[] | undefined {
  const source = Function.prototype.toString.call(load).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const text =
    /^(?:async\b)?\s*(?:function\b\s*)?\*?\s*[\w$]*\s*\(([\s\S]*)$/.exec(source)?.[1] ??
    /^(?:async\s+)?([\w$]+)\s*=>/.exec(source)?.[1]?.concat(')')
  if (text === undefined) throw unreadable(load)
  if (/^\s*\{/.test(text)) return undefined
  const names: string[] = []
  for (let rest = text; !/^\s*\)/.test(rest);) {
    const [whole, name] = /^\s*([\w$]+)\s*(?:=[^,()[\]{}]*)?(?:,|(?=\)))/.exec(rest) ?? []
    if (whole === undefined || name === undefined) throw unreadable(load)
    names.push(name)
    rest = rest.slice(whole.length)
  }
  return names
}

function unreadable(load: Loader): ConfigError {
  return new ConfigError(`Expected the names of the parameters of ${shown(load)} to be readable: name them in \`args\``)
}
