import { expect } from 'chai'
import { onRedis } from './on-redis.js'
import type { Member, World } from './world.js'

const POLICY = { tags: ['t'] } as const

onRedis('On the way to Redis', open => {
  /** What is asked of Redis while `work` is done: commands, but for what they do there by themselves and for listening. */
  async function commandsOf(world: World, work: () => Promise<unknown>): Promise<readonly string[]> {
    const commands: string[] = []
    const monitor = await world.admin.monitor()
    monitor.on('monitor', (_: string, [name = '', ...args]: string[], source: string) => {
      if (source !== 'lua' && args.some(arg => arg.includes(world.prefix))) commands.push(name.toLowerCase())
    })
    await work()
    // What was done before is told before.
    const told = new Promise<void>(resolve => {
      monitor.on('monitor', (_: string, [, marked]: string[]) => {
        if (marked === 'told') resolve()
      })
    })
    await world.admin.echo('told')
    await told
    monitor.disconnect()
    return commands.filter(name => name !== 'xread')
  }

  const asked: Readonly<Record<string, readonly [(member: Member) => Promise<unknown>, ...commands: string[]]>> = {
    'a hit': [({ cache }) => cache.getOrSet('k', () => 'v', POLICY), 'hmget'],
    'a hit of what is looked for alone': [({ cache }) => cache.get('k'), 'hmget'],
    'what is not there': [({ cache }) => cache.get('none'), 'hmget'],
    'a load that is kept': [({ cache }) => cache.getOrSet('new', () => 'v', POLICY), 'evalsha', 'evalsha'],
    'a purge of a tag': [({ cache }) => cache.invalidate('t'), 'evalsha'],
    'a purge of everything': [({ cache }) => cache.clear(), 'evalsha'],
    'a value that is set': [({ cache }) => cache.set('k', 'v'), 'evalsha'],
  }
  for (const [what, [ask, ...commands]] of Object.entries(asked)) {
    it(`${what} is ${commands.length === 1 ? 'one command' : `${commands.length} commands`}`, async () => {
      const world = open()
      const member = await world.member({ near: false })
      // Each script is known to the server by then.
      for (let times = 0; times < 2; times++) await ask(member)
      await member.cache.delete('new')
      await member.cache.getOrSet('k', () => 'v', POLICY)
      expect(await commandsOf(world, () => ask(member))).to.deep.equal(commands)
    })
  }

  it('what another process has kept is one command the first time, too', async () => {
    const world = open()
    const [one, other] = [await world.member({ near: false }), await world.member({ near: false })]
    await one.cache.getOrSet('k', () => 'v', POLICY)
    expect(await commandsOf(world, () => other.cache.getOrSet('k', () => 'other', POLICY))).to.deep.equal(['evalsha'])
  })

  it('a hit in the near tier is none', async () => {
    const world = open()
    const { cache } = await world.member()
    await cache.getOrSet('k', () => 'v', POLICY)
    expect(await commandsOf(world, () => cache.getOrSet('k', () => 'v', POLICY))).to.deep.equal([])
  })

  // Its membership lease is longer than the test.
  it('a process that closes its cache is waited for by no purge', async () => {
    const world = open()
    const [one, other] = [await world.member(), await world.member()]
    await other.cache.getOrSet('k', () => 'v', POLICY)
    await other.cache.close()
    await one.cache.invalidate('t')
  })
})
