import { memoryStore, type Store } from 'smart-cache'

/** A memory store with some of its methods replaced. */
export function storeWith(changes: (memory: Store) => Partial<Store>): Store {
  const memory = memoryStore()
  const store: Store = {
    name: 'memory, changed',
    peek: key => memory.peek(key),
    read: (...args) => memory.read(...args),
    fill: (...args) => memory.fill(...args),
    put: entry => memory.put(entry),
    add: (...args) => memory.add(...args),
    touch: (...args) => memory.touch(...args),
    count: (...args) => memory.count(...args),
    release: (...args) => memory.release(...args),
    purge: purges => memory.purge(purges),
    watch: watcher => memory.watch(watcher),
    close: () => memory.close(),
  }
  return Object.assign(store, changes(memory))
}

/** A store that answers by promises, a turn later, and has nothing at hand. */
export function distantStore(): Store {
  const later = () => new Promise(resolve => setImmediate(resolve))
  return storeWith(memory => ({
    peek: () => undefined,
    read: async (...args) => (await later(), memory.read(...args)),
    fill: async (...args) => (await later(), memory.fill(...args)),
    put: async entry => (await later(), memory.put(entry)),
    release: async (...args) => (await later(), memory.release(...args)),
    purge: async purges => (await later(), memory.purge(purges)),
  }))
}
