import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A site that the command line asks. */
export interface Served {
  readonly url: string
  close(): Promise<unknown>
}

export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
