import { createCaches, memoryStore } from 'smart-cache'

const { limits, sessions } = createCaches({ limits: {}, sessions: { store: memoryStore({ maxBytes: '16mb' }) } })

// No more than three a minute from one address: counted in one step, in however many processes.
async function allowed(address: string): Promise<boolean> {
  const minute = Math.floor(Date.now() / 60_000)
  return (await limits.increment(`${address}:${minute}`, 1, { ttl: '2m' })) <= 3
}
for (const _ of [1, 2, 3, 4]) console.log(await allowed('192.0.2.7'))

// A session that lives for half an hour after it was last seen.
interface Session {
  readonly user: string
}
async function open(id: string, session: Session): Promise<boolean> {
  return sessions.add(id, session, { ttl: '30m' })
}
async function seen(id: string): Promise<Session | undefined> {
  await sessions.touch(id, '30m')
  return sessions.get<Session>(id)
}
console.log(await open('a1', { user: 'Ada' }), await open('a1', { user: 'Bob' }), await seen('a1'))
await Promise.all([limits.close(), sessions.close()])
