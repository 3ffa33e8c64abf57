export { cacheAssertions } from './cache-assertions.js'
