import { Agent, get } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { startFaultProxy } from '../../test/proxy/fault-proxy.js'
import { startPostgresql } from '../../test/servers/postgresql.js'
import { Child } from '../measure/child.js'
import type { FrozenServer } from './frozen-server.js'

/*
 * How long visitors wait for a page, hits with a miss now and then, at a steady rate: without analytics, with them, and with them while their
 * database holds its connections open and answers nothing:
 *   npm run bench:frozen
 */
const ROUNDS = 25
const TURN_MS = 1_000
const EVERY_MS = 4
const MISSES = 20

const postgresql = await startPostgresql()
const url = new URL(postgresql.url)
const proxy = await startFaultProxy({ port: Number(url.port) })
url.port = String(proxy.port)
const [without, counting] = [serverOf(''), serverOf(url.href)]
const agent = new Agent({ keepAlive: true, maxSockets: 8 })
let asked = 0
try {
  const turns: Record<string, number[][]> = { without: [], 'with analytics': [], 'with a frozen database': [] }
  for (let round = -1; round < ROUNDS; round++) {
    for (const name of Object.keys(turns)) {
      const server = name === 'without' ? without : counting
      if (name === 'with a frozen database') proxy.drop()
      const turn = await visit((await server.ask()).port)
      if (name === 'with a frozen database') {
        const { buffered } = await server.ask()
        if (buffered === 0) throw new Error('All was written: the database was not frozen')
        proxy.cut()
        proxy.pass()
        while ((await server.ask()).buffered > 0) await sleep(100)
      }
      // The first round is for the compiler.
      if (round >= 0) turns[name]?.push(turn)
    }
  }
  for (const [name, each] of Object.entries(turns)) {
    const said = [0.5, 0.99].map(share => {
      const waits = each.map(turn => quantile(turn, share))
      return `p${100 * share} ${[0.5, 0, 1].map(at => quantile(waits, at).toFixed(2)).join(' ')}`
    })
    console.log(`${name.padEnd(24)} ${said.join(', ')} ms (median, least and most of ${each.length} rounds)`)
  }
} finally {
  agent.destroy()
  without.close()
  counting.close()
  await proxy.close()
  await postgresql.stop()
}

function serverOf(database: string): Child<FrozenServer> {
  return new Child<FrozenServer>(new URL('frozen-server.js', import.meta.url), [database])
}

/** Asks at instants that do not depend on how long answers take. @returns how long each took, ms */
async function visit(port: number): Promise<number[]> {
  const begun = performance.now()
  const waiting: Promise<number>[] = []
  for (let at = begun; at < begun + TURN_MS; at += EVERY_MS) {
    await sleep(Math.max(0, at - performance.now()))
    const n = asked++ % MISSES === 0 ? `new-${asked}` : String(asked % 50)
    waiting.push(waitFor(port, n))
  }
  return Promise.all(waiting)
}

async function waitFor(port: number, n: string): Promise<number> {
  const begun = performance.now()
  await new Promise<void>((resolve, reject) => {
    get({ port, path: `/page/${n}`, agent }, response => void buffer(response).then(() => resolve(), reject)).on('error', reject)
  })
  return performance.now() - begun
}

function quantile(waits: readonly number[], share: number): number {
  return waits.toSorted((a, b) => a - b)[Math.floor(share * (waits.length - 1))] ?? Number.NaN
}
