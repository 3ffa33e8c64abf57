import { hash } from 'node:crypto'
import { KeyError } from '../errors.js'
import { canonical } from '../keys/canonical.js'
import { OWN } from '../keys/names.js'
import { isInstant } from './volatile.js'

/** What tells one query from another. */
export interface Question {
  readonly sql: string
  readonly bindings: readonly unknown[]
  /** How it is asked for, with one word. */
  readonly method: string
  /** Whatever else shapes the answer, if anything does. */
  readonly shape: unknown
}

/** Longer keys give way to their digest: they are announced, counted and sent to the store with every question. */
const MAX_KEY = 400

/**
 * The key of a query on the database of this name, without the namespace; or why it has none.
 * Equal for equal questions only: `1` and `'1'` are different bindings, and so are a Date and its text.
 */
export function queryKey(
  database: string,
  { sql, bindings, method, shape }: Question,
): { readonly key: string } | { readonly reason: string } {
  if (bindings.some(isInstant)) return { reason: 'a binding stands for the time of the day' }
  try {
    const text = `${database} ${method}${shape === undefined ? '' : canonical(shape)} [${bindings.map(canonical).join()}] ${sql}`
    return { key: `${OWN}query ${text.length > MAX_KEY ? hash('sha256', text, 'base64url') : text}` }
  } catch (error) {
    if (error instanceof KeyError) return { reason: error.message }
    throw error
  }
}
