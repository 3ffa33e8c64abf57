import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findBinary } from './find-binary.js'
import { serverOrSkip } from './server-or-skip.js'
import { startServer } from './server-process.js'
import type { ServerProcess } from './server-process.js'
import { outsideServer } from './test-server.js'
import type { TestServer } from './test-server.js'

const WANTED = { name: 'redis', commands: ['redis-server', 'valkey-server'], packages: ['redis-server', 'valkey-server'] }

export interface RedisOptions {
  /**
   * Lines of the server's configuration, by name: `{ maxmemory: '8mb', 'maxmemory-policy': 'noeviction' }`. Implies `own`.
   * @default {}
   */
  readonly settings?: Readonly<Record<string, string | number>>
  /**
   * Start a server even where `TEST_REDIS_URL` names one: for tests that stop it, or want it empty.
   * @default false
   */
  readonly own?: boolean
}

/**
 * Starts a Redis or Valkey, or takes the one at `TEST_REDIS_URL`, which may hold other people's keys: use a namespace of your own there.
 * @throws {ServerUnavailable} when there is none to be had.
 */
export async function startRedis(options: RedisOptions = {}): Promise<TestServer> {
  const { settings, own = settings !== undefined } = options
  const url = process.env['TEST_REDIS_URL'] ?? ''
  if (url === '' || own) return startOwnRedis(settings)
  if ((await infoOf(url)) === undefined) throw new Error('No Redis answers at TEST_REDIS_URL')
  return outsideServer(url, 6379)
}

/** For mocha's `before`: `redis = await redisOrSkip(this)`. */
export function redisOrSkip(context: Mocha.Context, options?: RedisOptions): Promise<TestServer> {
  return serverOrSkip(context, 'Redis', () => startRedis(options))
}

/** Starts a Redis or Valkey, whatever `TEST_REDIS_URL` says. */
export async function startOwnRedis(settings: RedisOptions['settings'] = {}): Promise<ServerProcess> {
  const password = String(settings['requirepass'] ?? '')
  const url = (port: number): string => `redis://${password === '' ? '' : `:${encodeURIComponent(password)}@`}127.0.0.1:${port}`
  return startServer({
    name: 'Redis',
    binary: await findBinary(WANTED),
    url,
    prepare: async (folder, port) => {
      const file = join(folder, 'redis.conf')
      const lines = { port, bind: '127.0.0.1', dir: JSON.stringify(folder), save: '""', appendonly: 'no', ...settings }
      await writeFile(
        file,
        Object.entries(lines).map(([name, value]) => `${name} ${value}\n`),
      )
      return [file]
    },
    answers: async (port, pid) => (await infoOf(url(port)))?.includes(`process_id:${pid}\r`) ?? false,
  })
}

/**
 * Starts a Sentinel that watches over the master at the port, alone, and lets a replica take over half a minute after that is gone. Clients
 * ask it for `main`.
 */
export async function startSentinel(master: number): Promise<ServerProcess> {
  return startServer({
    name: 'Sentinel',
    binary: await findBinary(WANTED),
    url: port => `redis://127.0.0.1:${port}`,
    prepare: async (folder, port) => {
      const file = join(folder, 'sentinel.conf')
      const watch = [`monitor main 127.0.0.1 ${master} 1`, 'down-after-milliseconds main 30000', 'failover-timeout main 5000']
      const lines = [`port ${port}`, 'bind 127.0.0.1', `dir ${JSON.stringify(folder)}`, ...watch.map(line => `sentinel ${line}`)]
      await writeFile(file, `${lines.join('\n')}\n`)
      return [file, '--sentinel']
    },
    answers: async (port, pid) => (await infoOf(`redis://127.0.0.1:${port}`))?.includes(`process_id:${pid}\r`) ?? false,
  })
}

/** What a server says about itself, if one answers. */
async function infoOf(url: string): Promise<string | undefined> {
  const impatience = {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    connectTimeout: 1000,
    commandTimeout: 1000,
    disconnectTimeout: 50,
  }
  const client = new Redis(url, { lazyConnect: true, ...impatience })
  // What the client emits is also what its calls reject with.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.ping()
    return await client.info('server')
  } catch {
    return undefined
  } finally {
    client.disconnect()
  }
}
