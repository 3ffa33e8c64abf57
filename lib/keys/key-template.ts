import { ConfigError, KeyError, shown } from '../errors.js'
import { canonical } from './canonical.js'

/** Makes a key of the receiver and the arguments of a call. */
export type KeyMaker = (receiver: unknown, args: readonly unknown[]) => string

export interface KeyTemplate {
  readonly keyOf: KeyMaker
  /** Whether the key is made of the arguments alone. */
  readonly ofArguments: boolean
}

interface Place {
  /** `this`, or which argument. */
  readonly root: 'this' | number
  readonly path: readonly string[]
  readonly text: string
}

/**
 * A template such as `'user:{0.id}:profile'` (of the first argument), `'user:{id}:profile'` (the same) or `'{this.region}:{0}'`. Different things
 * in its places never make one key: strings are written as they are, and in quotes if they could be taken for something else, such as `'7'` (of the
 * number) or `'a:b'`.
 * @throws {ConfigError} for a template that cannot be read, or in which it could not be said where one place ends and the next begins
 */
export function keyTemplate(template: string): KeyTemplate {
  const parts = template.split(/\{([^{}]*)\}/)
  const literals = parts.filter((_, index) => index % 2 === 0)
  const places = parts.filter((_, index) => index % 2 === 1).map(text => placeOf(text, template))
  for (const literal of literals) {
    if (/[{}]/.test(literal)) throw new ConfigError(`Expected \`key\` to have its braces in pairs, got ${shown(template)}`)
  }
  for (const between of literals.slice(1, -1)) {
    if (!/^[^\p{L}\p{N}_.@+(-]/u.test(between)) {
      throw new ConfigError(`Expected the places of \`key\` to be followed by a separator such as ":", got ${shown(template)}`)
    }
  }
  return {
    keyOf: (receiver, args) => literals.map((literal, index) => literal + rendered(places[index], receiver, args)).join(''),
    ofArguments: places.every(({ root }) => root !== 'this'),
  }
}

function placeOf(text: string, template: string): Place {
  const [first = '', ...rest] = text.split('.')
  if (first === '' || rest.includes(''))
    throw new ConfigError(`Expected something like {0}, {0.id} or {id} in \`key\`, got ${shown(template)}`)
  if (first === 'this') return { root: 'this', path: rest, text }
  return /^\d+$/.test(first) ? { root: Number(first), path: rest, text } : { root: 0, path: [first, ...rest], text }
}

function rendered(place: Place | undefined, receiver: unknown, args: readonly unknown[]): string {
  if (place === undefined) return ''
  let value: unknown = place.root === 'this' ? receiver : args[place.root]
  for (const name of place.path) {
    if (value === null || value === undefined || !(name in Object(value))) {
      throw new KeyError(`Expected {${place.text}} of a key to be there, got ${shown(value)} without \`${name}\``)
    }
    value = (value as Record<string, unknown>)[name]
  }
  return typeof value === 'string' && isWord(value) ? value : canonical(value)
}

/** Is the string nothing that a number, a boolean and so on is written as, and has nothing in it that could be a separator? */
function isWord(text: string): boolean {
  return /^[\p{L}\p{N}_.@+-]+$/u.test(text) && !OTHERS.test(text) && String(Number(text)) !== text
}

const OTHERS = /^(?:true|false|null|undefined|-0|-?\d+n)$/
