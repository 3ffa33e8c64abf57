import { serveQuestions } from '../measure/questions.js'
import { timed } from '../measure/timed.js'
import { usersLoaded } from '../values/origin.js'
import type { Make } from './asking.js'
import { idsAsked, type Spread } from './ids.js'
import { inMemory } from './in-memory.js'
import { inBoth, inRedis } from './in-redis.js'

const places: Readonly<Record<string, Readonly<Record<string, Make>>>> = { memory: inMemory, both: inBoth, Redis: inRedis }

const [place = '', name = '', tags = '', count = '', spread = '', batch = '', url = ''] = process.argv.slice(2)
const ask = makeOf(place, name)(
  Array.from({ length: Number(tags) }, (_, index) => `tag:${index}`),
  url,
)
const ids = idsAsked(Number(count), spread as Spread)
for (const id of new Set(ids)) await ask(id)
let at = 0

/** A Redis that does not answer in time is done without, which is right, and may happen on a machine that is busy. */
const UNHEARD_SHARE = url === '' ? 0 : 0.001

serveQuestions(async ms => {
  const loaded = usersLoaded()
  const turn = await timed(ms, Number(batch), askBatch)
  const again = usersLoaded() - loaded
  if (again > UNHEARD_SHARE * turn.operations) throw new Error(`${name}: ${again} users were loaded again, so not every call was a hit`)
  return turn
})

async function askBatch(): Promise<void> {
  for (let call = 0; call < Number(batch); call++) {
    at = (at + 1) & (ids.length - 1)
    const id = ids[at] ?? ''
    const user = await ask(id)
    if (user.id !== id) throw new Error(`${name}: asked for ${id}, got ${user.id}`)
  }
}

function makeOf(where: string, who: string): Make {
  const make = places[where]?.[who]
  if (make === undefined) throw new Error(`There is nothing called "${who}" in ${where}`)
  return make
}
