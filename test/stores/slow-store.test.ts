import { storeContract } from 'smart-cache/testing'
import { slowStore } from './slow-store.js'

describe('A store that answers by promises and has nothing at hand', () => {
  for (const { title, run } of storeContract(() => slowStore())) it(title, run)
})
