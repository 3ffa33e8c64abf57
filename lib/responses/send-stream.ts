import type { ServerResponse } from 'node:http'
import { pipeline, Writable, type Readable } from 'node:stream'

/**
 * Sends a body that comes in its own time, through the response as it is now: what is wrapped around it later may be for another to write to. The
 * visitor sets the pace, and ends it by going.
 */
export function sendStream(response: ServerResponse, body: Readable): void {
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      if (write(chunk)) done()
      else response.once('drain', done)
    },
    final: done => {
      end()
      done()
    },
  })
  response.once('close', () => sink.destroy())
  // Nothing in it fails but by the visitor's going.
  pipeline(body, sink, () => {})
}
