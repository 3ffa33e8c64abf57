import { gate, type Gate } from 'smart-cache/testing'

/** A loader that says when it has begun, and goes on when its answer is opened. */
export interface HeldLoad<T> {
  readonly loader: () => Promise<T>
  readonly begun: Gate
  readonly answer: Gate<T>
  readonly calls: number
}

export function heldLoad<T = string>(): HeldLoad<T> {
  const begun = gate()
  const answer = gate<T>()
  let calls = 0
  return {
    begun,
    answer,
    get calls() {
      return calls
    },
    loader: () => {
      calls++
      begun.open()
      return answer
    },
  }
}

/** A loader that counts its calls, and answers each at once. */
export function countedLoad<T>(answer: (call: number) => T): { readonly loader: () => T; readonly calls: number } {
  let calls = 0
  return {
    get calls() {
      return calls
    },
    loader: () => answer(++calls),
  }
}
