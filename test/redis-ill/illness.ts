import { Redis, type RedisOptions } from 'ioredis'
import { startFaultProxy, type FaultProxy } from '../proxy/fault-proxy.js'
import { freePort } from '../servers/free-port.js'
import { startOwnRedis } from '../servers/redis.js'
import type { ServerProcess } from '../servers/server-process.js'
import { LoadingDoor } from './loading-door.js'

/** A server that can be made ill, and well again. */
export interface Patient {
  readonly redis: ServerProcess
  /** Where the site finds it: the server itself, or what stands before it. */
  readonly url: string
  /** A connection over which it answers all through its illness, if there is one. */
  readonly witness?: Redis
  /** What a purge comes to while it is ill. */
  readonly purge: 'rejects' | 'takes effect'
  strike(): Promise<unknown>
  heal(): Promise<unknown>
  /** Ends it, ill or well. */
  stop(): Promise<void>
}

export interface Illness {
  /** Completes the sentence "Redis that …". */
  readonly name: string
  /** Is it ill before the site's processes start? */
  readonly fromTheStart?: boolean
  /** Does it lose what it keeps? */
  readonly forgets?: boolean
  /** Options of clients, besides those that every illness is met with. */
  readonly clients?: Readonly<Record<string, RedisOptions>>
  admit(): Promise<Patient>
}

/** What happens to a server itself, through its process or a connection that was there before. */
function ofTheServer(act: (redis: ServerProcess, admin: Redis) => Pick<Patient, 'strike' | 'heal' | 'witness'>): Illness['admit'] {
  return async () => {
    const redis = await startOwnRedis()
    const admin = new Redis(redis.url)
    admin.on('error', () => undefined)
    await admin.ping()
    const stop = async () => {
      admin.disconnect()
      await redis.stop()
    }
    return { redis, url: redis.url, purge: 'rejects', ...act(redis, admin), stop }
  }
}

/** What happens between a server and its clients. */
function ofTheNetwork(strike: (proxy: FaultProxy) => void, heal: (proxy: FaultProxy) => void): Illness['admit'] {
  return async () => {
    const redis = await startOwnRedis()
    const proxy = await startFaultProxy({ port: redis.port })
    const stop = async () => {
      await proxy.close()
      await redis.stop()
    }
    const url = `redis://127.0.0.1:${proxy.port}`
    return { redis, url, purge: 'rejects', strike: async () => strike(proxy), heal: async () => heal(proxy), stop }
  }
}

const killed = ofTheServer(redis => ({ strike: () => redis.kill(), heal: () => redis.restart() }))

export const ILLNESSES: readonly Illness[] = [
  { name: 'is not there yet', fromTheStart: true, forgets: true, admit: killed },
  { name: 'was killed', forgets: true, admit: killed },
  {
    name: 'is frozen',
    admit: ofTheServer(redis => ({ strike: async () => redis.pause(), heal: async () => redis.resume() })),
  },
  {
    name: 'takes 5 s for every answer',
    admit: ofTheNetwork(
      proxy => proxy.delay(5000),
      proxy => proxy.pass(),
    ),
  },
  {
    name: 'is cut off in the middle of every answer',
    admit: ofTheNetwork(
      proxy => proxy.cutAfter(40),
      proxy => proxy.pass(),
    ),
  },
  {
    name: 'is behind a network that swallows everything',
    admit: ofTheNetwork(
      proxy => proxy.drop(),
      proxy => {
        proxy.cut()
        proxy.pass()
      },
    ),
  },
  {
    name: 'is full, with noeviction',
    async admit() {
      const redis = await startOwnRedis({ 'maxmemory-policy': 'noeviction' })
      const admin = new Redis(redis.url)
      return {
        redis,
        url: redis.url,
        witness: admin,
        purge: 'takes effect',
        strike: () => admin.config('SET', 'maxmemory', '1'),
        heal: () => admin.config('SET', 'maxmemory', '0'),
        async stop() {
          admin.disconnect()
          await redis.stop()
        },
      }
    },
  },
  {
    name: 'was made a replica of nothing',
    admit: ofTheServer((_, admin) => ({
      witness: admin,
      strike: async () => admin.replicaof('127.0.0.1', await freePort()),
      heal: () => admin.replicaof('NO', 'ONE'),
    })),
  },
  {
    name: 'is still loading',
    clients: { 'without a ready check': { enableReadyCheck: false } },
    async admit() {
      const redis = await startOwnRedis()
      const door = await new LoadingDoor(redis.port).open()
      return {
        redis,
        url: `redis://127.0.0.1:${door.port}`,
        purge: 'rejects',
        strike: async () => door.load(),
        heal: async () => door.loaded(),
        async stop() {
          await door.close()
          await redis.stop()
        },
      }
    },
  },
  {
    name: 'asks for a password that nobody gives',
    clients: { 'without a ready check': { enableReadyCheck: false } },
    admit: ofTheServer((_, admin) => ({
      witness: admin,
      async strike() {
        await admin.config('SET', 'requirepass', 'sesame')
        await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      },
      heal: () => admin.config('SET', 'requirepass', ''),
    })),
  },
  {
    name: 'has no room for another client',
    admit: ofTheServer((_, admin) => ({
      witness: admin,
      async strike() {
        await admin.config('SET', 'maxclients', '1')
        await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      },
      heal: () => admin.config('SET', 'maxclients', '100'),
    })),
  },
]
