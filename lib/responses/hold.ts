import type { ServerResponse } from 'node:http'
import { applyHead } from './apply-head.js'

const HELD = ['writeHead', 'flushHeaders', 'write', 'end'] as const

type HeldName = (typeof HELD)[number]
type AnyFunction = (...args: unknown[]) => unknown

/** A response held back. */
export interface Hold {
  /** Whether the response has been begun, so that its status is known and the work has been asked for. */
  isBegun(): boolean
  /** Ends a hold of a response that has not been begun. */
  release(): void
}

/**
 * Holds a response back, from its first byte, until the work that its status calls for is done; then lets it go as it was written.
 * @param work asked once, when the status is known; `undefined` lets the response go at once
 * @param failed called instead of letting the response go, when the work has failed; nothing has left by then of what was written
 */
export function holdUntil(response: ServerResponse, work: () => Promise<void> | undefined, failed: (error: unknown) => void): Hold {
  const original = Object.fromEntries(HELD.map(name => [name, response[name]])) as unknown as Record<HeldName, AnyFunction>
  const queue: { readonly name: HeldName; readonly args: readonly unknown[] }[] = []
  let state: 'waiting' | 'held' | 'failed' | 'gone' = 'waiting'
  let failure: unknown

  const call = (name: HeldName, args: readonly unknown[]) => original[name].apply(response, [...args])
  /** Who has wrapped the response since has our functions in hand: they let everything pass from now on. */
  const letPass = () => {
    state = 'gone'
    for (const name of HELD) if (response[name] === held[name]) Object.assign(response, { [name]: original[name] })
  }
  const letGo = () => {
    letPass()
    try {
      for (const { name, args } of queue) call(name, args)
    } catch (error) {
      failed(error)
      return
    }
    if (queue.some(({ name }) => name === 'write') && !response.writableNeedDrain) response.emit('drain')
  }
  /** What the handler has yet to write would come between the failure and its answer: so it is heard to its end first, and forgotten. */
  const giveUp = (error: unknown) => {
    state = 'failed'
    failure = error
    if (queue.some(({ name }) => name === 'end')) fail()
    else response.emit('drain')
  }
  const fail = () => {
    state = 'gone'
    Object.assign(response, original)
    failed(failure)
  }
  const begin = () => {
    state = 'held'
    const pending = work()
    if (pending === undefined) letPass()
    else pending.then(letGo, giveUp)
  }
  /** Middleware that sees no head sent may ask for it again, at each write. */
  const isSecondHead = (name: HeldName) => name === 'writeHead' && queue.length > 0
  const hold = (name: HeldName, args: readonly unknown[]): unknown => {
    const opens = name === 'writeHead' && state === 'waiting'
    // What the work is to be may be said in the head.
    if (opens) applyHead(response, args[0] as number, args.slice(1))
    const given = opens ? [response.statusCode] : args
    if (state === 'waiting') begin()
    if (state === 'gone') return call(name, given)
    if (state === 'held' && !isSecondHead(name)) queue.push({ name, args: given })
    else if (state === 'failed' && name === 'end') fail()
    return name === 'write' ? state === 'failed' : response
  }
  const held = Object.fromEntries(HELD.map(name => [name, (...args: unknown[]) => hold(name, args)])) as Record<HeldName, AnyFunction>
  Object.assign(response, held)
  return {
    isBegun: () => state !== 'waiting',
    release: letPass,
  }
}
