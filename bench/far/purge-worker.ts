import type { Turn } from '../measure/contest.js'
import { serveQuestions } from '../measure/questions.js'
import { purgers, type Purger } from './purgers.js'

const ENTRIES = 100_000
const AT_ONCE = 500
/** Longer than purges wait at the beginning of a store's life. */
const SETTLING_MS = 1_500

const [who = '', count = '', database = '', url = ''] = process.argv.slice(2)
const purger = purgerOf(who)
// As many entries for each, of which so many have the tag.
await fill(0, ENTRIES)
await new Promise(resolve => {
  setTimeout(resolve, SETTLING_MS)
})

serveQuestions(async (ms): Promise<Turn> => {
  let [operations, cpuUs, elapsedUs] = [0, 0, 0]
  for (const begin = performance.now(); performance.now() < begin + ms; operations++) {
    if (purger.deletes === true) await fill(0, Number(count))
    const used = process.cpuUsage()
    const startedAt = performance.now()
    await purger.purge('purged')
    elapsedUs += (performance.now() - startedAt) * 1000
    const { user, system } = process.cpuUsage(used)
    cpuUs += user + system
  }
  return { operations, cpuUs, elapsedUs }
})

async function fill(from: number, to: number): Promise<void> {
  for (let id = from; id < to; id += AT_ONCE) {
    const ids = Array.from({ length: Math.min(AT_ONCE, to - id) }, (_, offset) => id + offset)
    await Promise.all(ids.map(each => purger.set(`entry:${each}`, each < Number(count) ? 'purged' : 'kept')))
  }
}

function purgerOf(name: string): Purger {
  const open = purgers[name]
  if (open === undefined) throw new Error(`There is nobody called "${name}"`)
  return open(`${url}/${database}`)
}
