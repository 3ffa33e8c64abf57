import type { Context } from 'koa'
import { beginAnswer, type Answer } from '../../lib/responses/answer.js'
import { weakenIfEncoded } from '../../lib/responses/outer-encoding.js'

/** Gives the answer to Koa to send, when the middleware outside has had its turn. */
export function show(context: Context, answer: Answer): void {
  const { res } = context
  const { status, statusMessage, body } = answer
  const head = beginAnswer(res, answer)
  context.status = status
  if (statusMessage !== undefined) context.message = statusMessage
  const typed = res.hasHeader('content-type')
  context.body = Array.isArray(body) ? Buffer.concat(body) : (body ?? null)
  // Koa gives a body without a type one; this page had none.
  if (!typed) res.removeHeader('content-type')
  for (let at = 0; at < head.length; at += 2) {
    const value = head[at + 1] ?? ''
    // A list in a copy: middleware outside may append to it.
    res.setHeader(String(head[at]), typeof value === 'string' ? value : [...value])
  }
  if (!res.hasHeader('content-encoding')) weakenIfEncoded(res)
}
