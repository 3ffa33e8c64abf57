import type { IncomingMessage } from 'node:http'

/**
 * The body of a request that nobody has read yet, put back for who reads it next. `undefined` if it is longer than `max` bytes, or never comes
 * to its end; what has come of it is put back all the same.
 */
export async function peekBody(request: IncomingMessage, max: number): Promise<Buffer | undefined> {
  if (request.destroyed) return undefined
  const chunks: Buffer[] = []
  let length = 0
  return new Promise(resolve => {
    const end = (body: Buffer | undefined) => {
      request.off('readable', take).off('end', none).off('error', stop).off('close', stop)
      resolve(body)
    }
    const stop = () => end(undefined)
    const none = () => end(Buffer.alloc(0))
    const take = () => {
      for (let chunk = request.read() as Buffer | null; chunk !== null; chunk = request.read() as Buffer | null) {
        length += chunk.length
        chunks.push(chunk)
      }
      if (!request.complete && length <= max) return
      const body = Buffer.concat(chunks)
      // In this very turn: in the next one the stream would be told that it has ended.
      if (length > 0) request.unshift(body)
      end(length <= max ? body : undefined)
    }
    request.on('error', stop).on('close', stop).on('end', none).on('readable', take)
  })
}
