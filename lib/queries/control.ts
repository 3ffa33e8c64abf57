import type { Token } from './tokens.js'

/** What a statement does to the transaction of its connection. */
export type Control =
  | { readonly kind: 'begin' }
  | { readonly kind: 'commit' | 'rollback'; readonly chain: boolean }
  | { readonly kind: 'savepoint' | 'release' | 'rollback to'; readonly name: string }
  /** Ends it in a way that does not show here what becomes of it. */
  | { readonly kind: 'unknown' }

/** Reads a statement that does nothing else; `undefined` for all others. A text of several statements with one of these in it is `unknown`. */
export function controlOf(tokens: readonly Token[]): Control | undefined {
  const ended = tokens.at(-1)?.text === ';' ? tokens.slice(0, -1) : tokens
  const words = ended.map(({ kind, text }) => (kind === 'text' ? `'${text}'` : text.toLowerCase()))
  if (words.includes(';')) return isRoutine(words) ? undefined : inSeveral(words)
  const [verb = ''] = words
  return VERBS.has(verb) && ended[0]?.kind === 'word' ? ofStatement(verb, words.slice(1)) : undefined
}

const VERBS = new Set(['begin', 'start', 'commit', 'end', 'rollback', 'abort', 'savepoint', 'release', 'prepare', 'xa'])

function ofStatement(verb: string, rest: readonly string[]): Control | undefined {
  const name = rest.at(-1) ?? ''
  switch (verb) {
    case 'begin':
      return { kind: 'begin' }
    case 'start':
      return rest[0] === 'transaction' ? { kind: 'begin' } : { kind: 'unknown' }
    case 'commit':
    case 'end':
      return rest.includes('prepared') ? { kind: 'unknown' } : { kind: 'commit', chain: chains(rest) }
    case 'rollback':
    case 'abort':
      if (rest.includes('prepared')) return { kind: 'unknown' }
      return rest.includes('to') ? { kind: 'rollback to', name } : { kind: 'rollback', chain: chains(rest) }
    case 'savepoint':
    case 'release':
      return { kind: verb, name }
    default:
      // PREPARE TRANSACTION ends one; PREPARE alone names a statement.
      return verb === 'prepare' && rest[0] !== 'transaction' ? undefined : { kind: 'unknown' }
  }
}

function chains(rest: readonly string[]): boolean {
  return rest.includes('chain') && !rest.includes('no')
}

function inSeveral(words: readonly string[]): Control | undefined {
  return words.some((word, index) => VERBS.has(word) && (index === 0 || words[index - 1] === ';')) ? { kind: 'unknown' } : undefined
}

function isRoutine([verb, ...words]: readonly string[]): boolean {
  return verb === 'create' && words.some(word => ['trigger', 'procedure', 'function', 'event', 'package'].includes(word))
}
