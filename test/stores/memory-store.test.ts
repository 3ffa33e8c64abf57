import { memoryStore } from 'smart-cache'
import { storeContract } from 'smart-cache/testing'

describe('MemoryStore', () => {
  for (const { title, run } of storeContract(() => memoryStore())) it(title, run)
})
