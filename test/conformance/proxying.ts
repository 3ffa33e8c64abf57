import { request as ask, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Visit } from '../pages/framework.js'

/** Fields that belong to the connection between two, which a proxy does not pass on. */
const HOP: ReadonlySet<string> = new Set(['transfer-encoding', 'keep-alive'])

/** What a handler does with what the origin has answered. */
export type Reply = (visit: Visit, answer: IncomingMessage) => unknown

/** Every way in which handlers reply. */
export const replies: Readonly<Record<string, Reply>> = {
  'res.end': async (visit, answer) => {
    const body = await buffer(answer)
    const response = visit.raw()
    response.statusCode = answer.statusCode ?? 500
    setHead(visit, answer)
    response.end(body)
  },
  'the framework’s own way': async (visit, answer) => {
    const body = await buffer(answer)
    visit.status(answer.statusCode ?? 500)
    setHead(visit, answer)
    visit.send(body)
  },
  'a stream': (visit, answer) => {
    visit.status(answer.statusCode ?? 500)
    setHead(visit, answer)
    visit.stream(answer)
  },
  writeHead: async (visit, answer) => {
    const body = await buffer(answer)
    visit.raw().writeHead(answer.statusCode ?? 500, answer.statusMessage, headOf(answer).flat())
    visit.raw().end(body)
  },
}

/** Asks the origin what the handler was asked. */
export async function forward(visit: Visit, port: number): Promise<IncomingMessage> {
  const { request } = visit
  return new Promise((resolve, reject) => {
    const { method, url: path, headers } = request
    const { connection: _, ...rest } = headers
    const outgoing = ask({ port, host: '127.0.0.1', agent: false, method, path, headers: rest }, resolve)
    outgoing.on('error', reject)
    request.pipe(outgoing)
  })
}

function setHead(visit: Visit, answer: IncomingMessage): void {
  for (const [name] of headOf(answer)) visit.response.removeHeader(name)
  for (const [name, value] of headOf(answer)) visit.response.appendHeader(name, value)
}

function headOf({ rawHeaders }: IncomingMessage): readonly (readonly [name: string, value: string])[] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, at) => [rawHeaders[2 * at] ?? '', rawHeaders[2 * at + 1] ?? ''] as const).filter(
    ([name, value]) => !HOP.has(name.toLowerCase()) && !(name.toLowerCase() === 'connection' && value === 'close'),
  )
}
