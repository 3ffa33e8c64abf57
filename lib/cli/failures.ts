/** How a command ended. */
export const EXIT = {
  done: 0,
  /** Something else failed: the database or the store, or what was asked of them. */
  failed: 1,
  /** The command, its options or its configuration cannot be. */
  usage: 2,
  /** `status`: something is ill. */
  ill: 3,
  /** Nobody has agreed to it. */
  declined: 4,
  /** Ctrl-C, before it was done; as shells say it of a program that SIGINT has ended. */
  stopped: 130,
} as const

/** What somebody has to say differently. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
