import type { Transform, TransformCallback } from 'node:stream'
import type { Inventory } from '../../lib/queries/catalog.js'
import type { Queries } from '../../lib/queries/queries.js'
import { answerOf } from './answer-of.js'
import { cacheable } from './builders.js'
import { sqlOf, type Builder, type Client, type ClientClass, type Container, type Runner, type Sent } from './knex-client.js'
import type { Reading } from './reading.js'
import type { Tracking } from './tracking.js'

export interface Hooks {
  /** May signals be raised in a transaction that somebody will want to hear? Following them costs every transaction something. */
  signalled(): boolean
  readonly queries: Queries
  readonly reading: Reading
  readonly tracking: Tracking
  /** What each connection is told of itself, if anything. */
  readonly setUp: string | undefined
  /** Ends what belongs to the knex, when it is destroyed. */
  end(): Promise<void>
  /** Asks the database what it consists of, on a connection that is at hand. */
  takeOn(client: Client, connection: object): Promise<Inventory>
}

const HOOKED = Symbol('smart-cache: the client of a cached knex')

/** On which connection the client of a transaction works. */
const CONNECTION = Symbol('smart-cache: the connection of a transaction')
const NONE: readonly unknown[] = []

function bindingsOf(sent: Sent): readonly unknown[] {
  return typeof sent === 'string' ? NONE : (sent.bindings ?? NONE)
}

export function isHooked(client: Client): boolean {
  return HOOKED in client
}

/**
 * Puts a subclass of the client's own class under the client. knex makes the client of a transaction from the prototype of the client's class alone, so
 * nothing is remembered on instances here.
 */
export function hookInto(client: Client, { queries, reading, tracking, takeOn, signalled, setUp, end }: Hooks): void {
  const Base = client.constructor as ClientClass
  const [QueryBuilder, Raw] = [cacheable(client.queryBuilder(), tracking), cacheable(client.raw(''), tracking)]

  class Hooked extends Base {
    /** Of the client of a transaction, once it has sent something. */
    declare [CONNECTION]?: object

    override query(connection: object, sent: Sent): Promise<unknown> {
      if (this.transacting === true) this[CONNECTION] = connection
      const sql = sqlOf(sent)
      if (queries.passes(sent, sql)) return super.query(connection, sent)
      return queries.send(connection, {
        sent,
        sql,
        bindings: bindingsOf(sent),
        sending: {
          send: () => super.query(connection, sent),
          rollback: () => super.query(connection, 'ROLLBACK;'),
          past: text => this._query(connection, { sql: text, bindings: [], method: 'raw' }),
        },
        take: () => takeOn(this, connection),
        answerOf,
      })
    }

    override stream(connection: object, sent: Sent, stream: Transform, options: unknown): Promise<unknown> {
      const begin = () => super.stream(connection, sent, stream, options)
      const sql = sqlOf(sent)
      if (queries.passes(sent, sql)) return begin()
      const send = <T>(sending: () => Promise<T>) => {
        const rollback = () => super.query(connection, 'ROLLBACK;')
        const take = () => takeOn(this, connection)
        return queries.send(connection, {
          sent,
          sql,
          bindings: bindingsOf(sent),
          sending: { send: sending, rollback },
          take,
          answerOf: undefined,
        })
      }
      return queries.statements.syntax(sql).effect === 'read' ? send(begin) : endingAfter(stream, begin, send)
    }

    override transaction(container: Container, ...more: readonly unknown[]): PromiseLike<unknown> {
      const within: Container = trx => {
        const connection = trx.client instanceof Hooked ? trx.client[CONNECTION] : undefined
        return connection === undefined || !signalled() ? container(trx) : queries.inside(connection, () => container(trx))
      }
      return super.transaction(within, ...more)
    }

    override async acquireRawConnection(): Promise<object> {
      const connection = await super.acquireRawConnection()
      if (setUp !== undefined) await this._query(connection, { sql: setUp, bindings: [], method: 'raw' })
      return connection
    }

    override runner(builder: Builder): Runner {
      const runner = super.runner(builder)
      if (reading.concerns(this, builder)) runner.run = () => reading.run(this, builder, runner)
      return runner
    }

    override processResponse(response: unknown, runner: Runner): unknown {
      return reading.note(runner, super.processResponse(response, runner))
    }

    override queryBuilder(): Builder {
      return new QueryBuilder(this)
    }

    override raw(...args: readonly unknown[]): Builder {
      return (new Raw(this) as Builder & { set(...set: readonly unknown[]): Builder }).set(...args)
    }

    override async destroy(...args: readonly unknown[]): Promise<void> {
      queries.close()
      await end()
      return super.destroy(...args)
    }
  }

  Object.defineProperty(Hooked.prototype, HOOKED, { value: true })
  Object.setPrototypeOf(client, Hooked.prototype)
}

/**
 * Streams what a write returns, and ends the stream only after whatever is due because of the write is done.
 * @param send waits for what it is given, and then does what is due
 */
async function endingAfter(
  stream: Transform,
  begin: () => Promise<unknown>,
  send: (sending: () => Promise<unknown>) => Promise<unknown>,
): Promise<unknown> {
  let finish: TransformCallback = () => undefined
  const over = new Promise<void>(resolve => {
    stream._flush = done => {
      finish = done
      resolve()
    }
    // Somebody may have lost interest.
    stream.once('close', resolve)
  })
  let streaming: Promise<unknown> | undefined
  try {
    await send(() => {
      streaming = begin()
      return Promise.race([streaming, over])
    })
  } catch (error) {
    finish(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
  finish()
  return streaming
}
