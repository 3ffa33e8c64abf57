import type { Clock } from './clock.js'

/**
 * After this long the clock is looked at again: a process that was asleep, or whose clock was set, is late by no more. And a timer of more than
 * 2^31 ms would ring at once.
 */
const LOOK_AGAIN_MS = 60_000

/**
 * Calls `ring` once the clock has come to an instant (epoch ms), and not from within this call. Keeps no process alive.
 * @returns what silences it
 */
export function alarm(clock: Clock, at: number, ring: () => void): () => void {
  if (clock.alarm !== undefined) return clock.alarm(at, ring)
  let timer: NodeJS.Timeout
  const wait = () => {
    timer = setTimeout(look, Math.min(Math.max(at - clock.now(), 0), LOOK_AGAIN_MS)).unref()
  }
  const look = () => (clock.now() >= at ? ring() : wait())
  wait()
  return () => clearTimeout(timer)
}
