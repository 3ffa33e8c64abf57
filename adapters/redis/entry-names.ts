import { instantOf, numberIn } from './wire.js'

/** What is used of a client: commands and their answers. */
interface Commanded {
  call(command: string, ...args: readonly (string | number)[]): Promise<unknown>
}

/** An entry that is kept in a Redis. */
export interface NamedEntry {
  /** Its full name, the namespace in it. */
  readonly name: string
  /** The key under which Redis has it. */
  readonly key: string
}

const AT_ONCE = 1_000

/**
 * The entries that are kept under `prefix`, some at a time, in no order, and one perhaps twice. Looks at every key of that server, and of no other of a
 * cluster; changes nothing.
 */
export async function* entryNames(client: Commanded, prefix: string): AsyncGenerator<readonly NamedEntry[]> {
  const begin = `{${prefix}:`
  const pattern = `${begin.replaceAll(/[*?[\]\\]/g, '\\$&')}*}:e:*`
  let cursor = '0'
  do {
    const [next, keys] = (await client.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', AT_ONCE)) as [unknown, readonly string[]]
    yield keys.map(key => ({ key, name: key.slice(key.indexOf('}:e:', begin.length) + '}:e:'.length) }))
    cursor = String(next)
  } while (cursor !== '0')
}

/** Until when it is fresh (epoch ms), if it is still there. */
export async function staleAtOf(client: Commanded, { key }: NamedEntry): Promise<number | undefined> {
  const text = await client.call('HGET', key, 's')
  const instant = typeof text === 'string' ? numberIn(Buffer.from(text)) : undefined
  return instant === undefined ? undefined : instantOf(instant)
}
