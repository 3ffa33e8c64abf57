/** Why a question was not put, or not waited for any longer. */
class OutOfReach extends Error {}

/** After this many failures in a row nobody is kept waiting any more. */
const FAILURES = 3
/** How often one question is let through all the same, to see whether the other side is back. */
const PROBE_MS = 500

/**
 * Puts questions to something that may be slow or gone: each is waited for no longer than its budget, and after several failures in a row
 * none is put at all, but for a probe now and then.
 */
export class Breaker {
  readonly #budgetMs: number
  readonly #now: () => number
  #failures = 0
  #probeAt = 0

  /** @param now a monotonic clock, ms */
  constructor(budgetMs: number, now: () => number) {
    this.#budgetMs = budgetMs
    this.#now = now
  }

  /** @throws what the question throws; an error that says so when the budget is over, or at once while the breaker is open */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.#failures >= FAILURES && this.#now() < this.#probeAt) throw new OutOfReach('out of reach, after several failures in a row')
    this.#probeAt = this.#now() + PROBE_MS
    try {
      const answer = await this.#inTime(question())
      this.#failures = 0
      return answer
    } catch (error) {
      this.#failures++
      throw error
    }
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new OutOfReach(`no answer within ${this.#budgetMs} ms`)), this.#budgetMs)
      answer.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }
}
