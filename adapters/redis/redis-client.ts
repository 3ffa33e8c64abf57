/** What a command can be sent with. */
export type Argument = string | Buffer | number

/** What is used of an ioredis client, single, Sentinel or Cluster. */
export interface RedisClient {
  callBuffer(command: string, ...args: Argument[]): Promise<unknown>
  // There, although ioredis does not declare them; its callBuffer loses the name of the command where commands are put together into pipelines.
  evalshaBuffer?(digest: string, keys: number, ...args: Argument[]): Promise<unknown>
  evalBuffer?(script: string, keys: number, ...args: Argument[]): Promise<unknown>
  hmgetBuffer?(name: string, ...fields: string[]): Promise<unknown>
  pipeline?(): Pipeline
  readonly status?: string
  connect?(): Promise<unknown>
}

/** Several commands in one write. */
export interface Pipeline {
  hmgetBuffer(name: string, ...fields: string[]): unknown
  exec(): Promise<readonly (readonly [error: Error | null, reply: unknown])[] | null>
}

/** Of the connection that only listens. */
export interface ListeningClient {
  xreadBuffer(block: 'BLOCK', ms: number, streams: 'STREAMS', ...namesAndIds: string[]): Promise<unknown>
  /** @param reconnect begin again with a new connection */
  disconnect(reconnect?: boolean): void
  on(event: 'error' | 'close' | 'ready', listener: (error: Error) => void): unknown
}
