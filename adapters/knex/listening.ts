import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from './knex-client.js'
import { CHANNEL } from './notifications.js'

/** A connection of pg, as far as it matters here. */
interface Listener extends NodeJS.EventEmitter {
  query(sql: string): Promise<unknown>
  end(): Promise<void>
}

/** What is to be done about what is heard. */
export interface Heard {
  /** From now on all is heard; of what was written before, nothing is known. */
  begun(): Promise<void>
  /** Something was written to the table. */
  written(table: string): Promise<void>
  /** Nothing is heard any more, until it is begun anew. */
  lost(): void
  failed(error: unknown): void
}

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [100, 10_000]
/** A connection that has silently gone is found out by asking something now and then. */
const BEAT_MS = 5_000

/** Listens on a connection of its own to what others write, and begins anew whenever that is lost. */
export class Listening {
  readonly #client: Client
  readonly #heard: Heard
  readonly #over = new AbortController()
  #connection: Listener | undefined

  constructor(client: Client, heard: Heard) {
    this.#client = client
    this.#heard = heard
    void this.#run()
  }

  async stop(): Promise<void> {
    this.#over.abort()
    await this.#connection?.end().catch(() => undefined)
  }

  async #run(): Promise<void> {
    let pause = FIRST_WAIT_MS
    while (!this.#over.signal.aborted) {
      try {
        const connection = (await this.#client.acquireRawConnection()) as Listener
        this.#connection = connection
        await this.#listen(connection)
        pause = FIRST_WAIT_MS
      } catch (error) {
        this.#heard.failed(error)
      }
      this.#heard.lost()
      await wait(pause, undefined, { signal: this.#over.signal, ref: false }).catch(() => undefined)
      pause = Math.min(pause * 2, LONGEST_WAIT_MS)
    }
  }

  /** Resolves when the connection is lost. */
  async #listen(connection: Listener): Promise<void> {
    const { signal } = this.#over
    const lost = new AbortController()
    const lose = () => lost.abort()
    connection.on('error', lose).on('end', lose)
    connection.on('notification', ({ payload }: { readonly payload?: string }) => {
      this.#heard.written(payload ?? '').catch((error: unknown) => {
        this.#heard.failed(error)
        // Who does not hear of it must not be served what it was read from.
        lose()
      })
    })
    try {
      await connection.query(`listen ${CHANNEL}`)
      if (!signal.aborted) await this.#heard.begun()
      while (!lost.signal.aborted && !signal.aborted) {
        const beat = wait(BEAT_MS, 'late' as const, { signal: AbortSignal.any([lost.signal, signal]), ref: false }).catch(
          () => 'over' as const,
        )
        if ((await beat) === 'late' && !(await answers(connection))) lose()
      }
    } finally {
      await connection.end().catch(() => undefined)
    }
  }
}

async function answers(connection: Listener): Promise<boolean> {
  const late = wait(BEAT_MS, false, { ref: false })
  return Promise.race([
    connection.query('select 1').then(
      () => true,
      () => false,
    ),
    late,
  ])
}
