import type { Turn } from './contest.js'

/** Works in batches of `size` operations for about `ms`, and says what that came to. */
export async function timed(ms: number, size: number, batch: () => unknown): Promise<Turn> {
  const begin = performance.now()
  const used = process.cpuUsage()
  let operations = 0
  for (; performance.now() < begin + ms; operations += size) {
    const working = batch()
    // Who is answered at once does not wait.
    if (working instanceof Promise) await working
  }
  const { user, system } = process.cpuUsage(used)
  return { operations, cpuUs: user + system, elapsedUs: (performance.now() - begin) * 1000 }
}
