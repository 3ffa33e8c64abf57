/** There is no such server on this machine and none can be fetched: a reason to skip, unlike a server that is there and does not start. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable'
}
