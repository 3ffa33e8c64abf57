export { redisStore, type RedisStoreClient, type RedisStoreOptions } from './redis-store.js'
