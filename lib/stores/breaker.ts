import { Deadlines } from './deadlines.js'

/** Why a question was not put, or not waited for any longer. */
class OutOfReach extends Error {}

/** The wait for one answer. */
export interface Wait {
  /** Nobody waits any longer: what has not been asked yet need not be. */
  readonly over: boolean
}

/** After this many failures in a row nobody is kept waiting any more. */
const FAILURES = 3
/** With each probe that is not answered, the next waits longer by this for the answer to come after all. */
const PATIENCE_MS = 500

/**
 * Puts questions to something that may be slow or gone: each is waited for no longer than its budget, and after several failures in a row
 * none is put at all, but for probes that nobody waits for. The first probe to be answered in time ends that.
 */
export class Breaker {
  readonly #budgetMs: number
  readonly #now: () => number
  readonly #isAnswer: (error: unknown) => boolean
  readonly #deadlines: Deadlines
  #failures = 0
  /** Questions given up that may be answered yet. */
  #pending = 0
  #probes = 0
  #probedAt = -Infinity

  /**
   * @param now a monotonic clock, ms
   * @param isAnswer which errors are answers, too: who refuses is within reach
   */
  constructor(budgetMs: number, now: () => number, isAnswer: (error: unknown) => boolean = () => false) {
    this.#budgetMs = budgetMs
    this.#now = now
    this.#isAnswer = isAnswer
    this.#deadlines = new Deadlines(budgetMs)
  }

  /** @throws what the question throws; an error that says so when the budget is over, or at once while the breaker is open */
  ask<T>(question: (wait: Wait) => Promise<T>): Promise<T> {
    if (this.#open) return Promise.reject(new OutOfReach('out of reach, after several failures in a row'))
    return this.#put(question)
  }

  /**
   * The same for a question that nobody waits for: it is put although the breaker is open. But not behind others that were never answered,
   * for then it would only lengthen their queue.
   */
  async probe<T>(question: (wait: Wait) => Promise<T>): Promise<T> {
    if (this.#open) {
      if (this.#pending > 0 && this.#now() < this.#probedAt + this.#probes * PATIENCE_MS)
        throw new OutOfReach('earlier questions are not answered yet')
      this.#probes++
      this.#probedAt = this.#now()
    }
    return this.#put(question)
  }

  get #open(): boolean {
    return this.#failures >= FAILURES
  }

  #put<T>(question: (wait: Wait) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const wait = { over: false }
      const answered = this.#deadlines.begin(() => {
        wait.over = true
        this.#pending++
        this.#failures++
        reject(new OutOfReach(`no answer within ${this.#budgetMs} ms`))
      })
      // Whether anybody is still waiting for it.
      const ended = () => {
        answered()
        if (wait.over) this.#pending--
        return !wait.over
      }
      question(wait).then(
        answer => {
          if (ended()) this.#reached()
          resolve(answer)
        },
        (error: unknown) => {
          if (ended()) {
            if (this.#isAnswer(error)) this.#reached()
            else this.#failures++
          }
          reject(error)
        },
      )
    })
  }

  #reached(): void {
    this.#failures = 0
    this.#probes = 0
  }
}
