import type { Store } from 'smart-cache'
import { storeWith } from './store-with.js'

/** A store such as one behind a wire: nothing is at hand, every call waits before it takes effect and before it answers. */
export function slowStore(pause: () => Promise<void> = turn): Store {
  const slowly = async <T>(act: () => T | Promise<T>): Promise<T> => {
    await pause()
    const answer = await act()
    await pause()
    return answer
  }
  return storeWith(inner => ({
    peek: () => undefined,
    read: (key, now, toFill) => slowly(() => inner.read(key, now, toFill)),
    fill: (entry, lease, supersede) => slowly(() => inner.fill(entry, lease, supersede)),
    put: entry => slowly(() => inner.put(entry)),
    add: (entry, now) => slowly(() => inner.add(entry, now)),
    touch: (entry, now) => slowly(() => inner.touch(entry, now)),
    count: (entry, by, now) => slowly(() => inner.count(entry, by, now)),
    release: (key, lease) => slowly(() => inner.release(key, lease)),
    purge: purges => slowly(() => inner.purge(purges)),
  }))
}

async function turn(): Promise<void> {
  await Promise.resolve()
}
