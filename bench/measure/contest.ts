/** What one turn of one contender came to. */
export interface Turn {
  readonly operations: number
  /** CPU time that the contender's process used, all its threads together. */
  readonly cpuUs: number
  readonly elapsedUs: number
}

/** A contender that waits for its turn. */
export interface Running {
  /** Works for about `ms`. Rejects if it does not do what it is measured for. */
  turn(ms: number): Promise<Turn>
  close(): void
}

export interface Contender {
  readonly name: string
  start(): Promise<Running>
}

/** Contenders that do the same; the first is what the others are compared with. */
export interface Heat {
  readonly title: string
  readonly contenders: readonly [Contender, ...Contender[]]
}

/** Heats whose contenders take turns in one run. */
export interface Contest {
  readonly title: string
  /** What an operation is called. */
  readonly unit: 'request' | 'call' | 'purge' | 'page'
  /** After how many operations a process is warm. */
  readonly warmAfter: number
  /**
   * After how many rounds each is started anew. Processes of the same code can differ by more than what is measured, by the luck of the compiler.
   * @default 4
   */
  readonly roundsOfAProcess?: number
  readonly heats: readonly Heat[]
}
