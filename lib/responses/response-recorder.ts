import type { ServerResponse } from 'node:http'
import type { Lead } from '../cache/visit.js'
import type { Duration } from '../time/duration.js'
import type { Answer } from './answer.js'
import type { ResponseObserver } from './observe.js'
import { uponClose } from './upon-close.js'

/** What an adapter runs a handler under: it watches the answer, and hears what becomes of the handler. */
export interface ResponseRecorder extends ResponseObserver {
  /** Collects what the handler's work depends on. */
  readonly scope: Lead['scope']
  /** Whether a policy further in has taken over. */
  readonly gaveWay: boolean
  /** Adds tags to the page. */
  tag(...names: readonly string[]): void
  /** Lets the page be fresh for no longer than `duration` from now; the shortest wins. */
  ttl(duration: Duration): void
  /** Keeps the page from being kept, whatever is said later. */
  never(): void
  /** The answer cannot be kept. */
  refuse(reason: string): void
  /** The handler has thrown an answer of this status, which others may yet change on its way out. */
  refuseThrown(status: number): void
  /** No whole answer will come. */
  abandon(reason: string): void
  /** The handler failed: what answers in its stead, if anything does. */
  failOver(error: unknown): Answer | undefined
  /** A policy further in has a say of its own: the request and the head are its business from now on. */
  giveWay(): void
  /** The same, for a policy further in that goes on with this lead. */
  handOver(): void
  /** Somebody inside will add to the head when it leaves, and cannot be told from those outside who do. */
  expectHooks(): void
}

const recorders = new WeakMap<ServerResponse, ResponseRecorder>()

/** Puts the response under a recorder; under the last one, where several policies are one inside the other. */
export function recordBy(response: ServerResponse, recorder: ResponseRecorder): void {
  recorders.set(response, recorder)
  uponClose(response, () => recorders.delete(response))
}

/** The recorder that the response is under, if it is under one. */
export function recordingOf(response: ServerResponse): ResponseRecorder | undefined {
  return recorders.get(response)
}
