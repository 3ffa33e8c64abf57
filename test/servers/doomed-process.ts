import { startOwnRedis } from './redis.js'

// A process that starts a server and never stops it. What it says tells the test what to look for; then it stays, or ends without further ado.
const { pid, folder } = await startOwnRedis()
console.log(JSON.stringify({ pid, folder }))
if (process.argv[2] === 'stay') setInterval(() => undefined, 60_000)
