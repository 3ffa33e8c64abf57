import type { Visit } from '../pages/framework.js'

/** What the visitor sent in this header. */
export function sent({ request }: Visit, name: string): string {
  return String(request.headers[name])
}

/** Who asks, in the tests in which visitors say so. */
export function visitorOf(visit: Visit): string {
  return sent(visit, 'x-visitor')
}

/** Lets everything go on that is ready to: what runs behind a response is done, or waits for a gate. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
}
