import type { Breaker, Wait } from '../../lib/stores/breaker.js'

/** A refusal is an answer too: who refuses is within reach. @throws the refusal */
export async function answered(breaker: Breaker, how: 'ask' | 'probe', question: (wait: Wait) => Promise<unknown>): Promise<unknown> {
  const answer = await breaker[how]<{ readonly reply: unknown } | { readonly refusal: Error }>(async wait => {
    try {
      return { reply: await question(wait) }
    } catch (error) {
      if (isRefusal(error)) return { refusal: error }
      throw error
    }
  })
  if ('refusal' in answer) throw answer.refusal
  return answer.reply
}

/** Said to everybody, whatever he asks. */
const CLOSED_DOOR = /^(NOAUTH|LOADING|MASTERDOWN|CLUSTERDOWN|BUSY |ERR Protocol error|ERR max number of clients)/

/** Of this command: clients reject with what the server said to the first command of a connection, too. */
export function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || error.name !== 'ReplyError' || CLOSED_DOOR.test(error.message)) return false
  const { name } = (error as { command?: { name?: string } }).command ?? {}
  return name === 'evalsha' || name === 'eval'
}
