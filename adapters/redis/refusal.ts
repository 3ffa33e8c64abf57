/** Said to everybody, whatever he asks. */
const CLOSED_DOOR = /^(NOAUTH|LOADING|MASTERDOWN|CLUSTERDOWN|BUSY |ERR Protocol error|ERR max number of clients)/

/** What the store asks, as clients name it. */
const ASKED: ReadonlySet<string | undefined> = new Set(['evalsha', 'eval', 'hmget'])

/** Is it what the server says to this command? Clients reject with what it said to the first command of a connection, too. */
export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || error.name !== 'ReplyError' || CLOSED_DOOR.test(error.message)) return false
  return ASKED.has((error as { command?: { name?: string } }).command?.name)
}
