import { serveQuestions } from '../measure/questions.js'
import { timed } from '../measure/timed.js'
import { caches, type Ask } from './caches.js'
import { usersLoaded, type User } from './origin.js'

const BATCH = 1000

const [name = '', count = ''] = process.argv.slice(2)
const ids = Array.from({ length: Number(count) }, (_, index) => `user:${index}`)
const ask = askOf(name)
for (const id of ids) await ask(id)
const synchronous = !(ask('user:0') instanceof Promise)
let place = 0

serveQuestions(async ms => {
  const turn = await timed(ms, BATCH, synchronous ? askBatchAtOnce : askBatch)
  if (usersLoaded() !== ids.length) throw new Error(`${name}: a user was loaded again, so not every call was a hit`)
  return turn
})

async function askBatch(): Promise<void> {
  for (let call = 0; call < BATCH; call++) {
    const id = nextId()
    check(id, await ask(id))
  }
}

function askBatchAtOnce(): void {
  for (let call = 0; call < BATCH; call++) {
    const id = nextId()
    check(id, ask(id) as User | undefined)
  }
}

function nextId(): string {
  place = place + 1 < ids.length ? place + 1 : 0
  return ids[place] ?? ''
}

function check(id: string, user: User | undefined): void {
  if (user?.id !== id) throw new Error(`${name}: asked for ${id}, got ${String(user?.id)}`)
}

function askOf(cache: string): Ask {
  const make = caches[cache]
  if (make === undefined) throw new Error(`There is no cache "${cache}"`)
  return make()
}
