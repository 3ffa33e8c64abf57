export { expectHit, expectMiss } from './expect-outcome.js'
export { fakeClock, type FakeClock } from './fake-clock.js'
export { gate, type Gate } from './gate.js'
export { storeContract, type StoreCheck } from './store-contract.js'
