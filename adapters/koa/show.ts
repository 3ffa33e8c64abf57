import type { ServerResponse } from 'node:http'
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
  const bytes = Array.isArray(body) ? Buffer.concat(body) : body
  // A body that finds its type set is given none; but for anything else than bytes Koa takes fields away.
  if (Buffer.isBuffer(bytes)) setFields(res, head)
  const typed = res.hasHeader('content-type')
  context.body = bytes ?? null
  // This page had none.
  if (!typed) res.removeHeader('content-type')
  if (!Buffer.isBuffer(bytes)) setFields(res, head)
  if (!res.hasHeader('content-encoding')) weakenIfEncoded(res)
}

function setFields(response: ServerResponse, head: Answer['head']): void {
  for (let at = 0; at < head.length; at += 2) {
    const value = head[at + 1] ?? ''
    // A list in a copy: middleware outside may append to it.
    response.setHeader(String(head[at]), typeof value === 'string' ? value : [...value])
  }
}
