import { memoryStore, type Store } from 'smart-cache'

/** A memory store, some of whose methods are others: to fail on purpose, or to be slow. They are handed the memory store. */
export function storeWith(others: (inner: Store) => Partial<Store>, inner: Store = memoryStore()): Store {
  return {
    name: 'test',
    peek: key => inner.peek(key),
    read: (key, now, toFill) => inner.read(key, now, toFill),
    fill: (entry, lease, supersede) => inner.fill(entry, lease, supersede),
    put: entry => inner.put(entry),
    add: (entry, now) => inner.add(entry, now),
    touch: (entry, now) => inner.touch(entry, now),
    count: (entry, by, now) => inner.count(entry, by, now),
    release: (key, lease) => inner.release(key, lease),
    purge: (purges, options) => inner.purge(purges, options),
    watch: watcher => inner.watch(watcher),
    close: () => inner.close(),
    ...others(inner),
  }
}
