import type { Store } from './store.js'

/** Keeps nothing: every caller loads for himself, as without a cache. For development, tests, and to see what the cache is good for. */
export function nullStore(): Store {
  return {
    name: 'null',
    maxBytes: 0,
    peek: () => undefined,
    read: () => ({ entry: undefined, position: 0, lease: undefined }),
    fill: () => false,
    put: () => undefined,
    add: () => true,
    touch: () => false,
    count: ({ value }) => Number(value),
    release: () => undefined,
    purge: () => undefined,
    watch: () => () => undefined,
    close: () => undefined,
  }
}
