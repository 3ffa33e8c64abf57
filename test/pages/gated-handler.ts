import { gate, type Gate } from 'smart-cache/testing'
import type { Visit } from './framework.js'

/** A handler that waits, at each run, until the test lets that run go on. */
export class GatedHandler {
  readonly gates: Gate<(visit: Visit) => unknown>[] = []

  readonly handle = async (visit: Visit): Promise<void> => {
    const here = gate<(visit: Visit) => unknown>()
    this.gates.push(here)
    const reply = await here
    await reply(visit)
  }

  /** Lets the run go on, with this for its reply. */
  go(run: number, reply: (visit: Visit) => unknown): void {
    this.gates[run - 1]?.open(reply)
  }
}
