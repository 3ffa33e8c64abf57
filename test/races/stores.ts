import { memoryStore, type Store } from 'smart-cache'
import { slowStore } from '../stores/slow-store.js'

/** The stores over which every race is run. */
export const STORES: Readonly<Record<string, () => Store>> = {
  'the memory store': () => memoryStore(),
  'a store that answers by promises': () => slowStore(),
}
