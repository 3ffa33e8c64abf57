/** A server that tests talk to, and may treat badly. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Stops the process where it is: connections stay open, nobody answers (SIGSTOP). */
  pause(): void
  /** Lets it go on (SIGCONT). */
  resume(): void
  /** Ends the process without a word (SIGKILL); `restart` brings the server back. Resolves when it is gone. */
  kill(): Promise<void>
  /** Ends the process, if there is one, and starts an empty server on the same port. Resolves when it answers. */
  restart(): Promise<void>
  /** The same on what it left in its folder. */
  revive(): Promise<void>
  /** Ends the process and removes its folder. Resolves when both are gone; may be called twice. */
  stop(): Promise<void>
}

/** A server that was started by somebody else: it can be talked to, and nothing else. */
export function outsideServer(url: string, defaultPort: number): TestServer {
  const refuse = (): never => {
    throw new Error(`The server at ${new URL(url).host} is not ours: start one with { own: true }`)
  }
  return {
    url,
    port: Number(new URL(url).port || defaultPort),
    pause: refuse,
    resume: refuse,
    kill: async () => refuse(),
    restart: async () => refuse(),
    revive: async () => refuse(),
    stop: async () => undefined,
  }
}
