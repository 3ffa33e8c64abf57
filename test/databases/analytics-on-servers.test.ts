import { expect } from 'chai'
import { groundTruth } from '../analytics/ground-truth.js'
import { startFaultProxy } from '../proxy/fault-proxy.js'
import { databasesOf, SERVERS } from './servers.js'

/** As much as was promised, where somebody has the time; otherwise a tenth. */
const REQUESTS = Number(process.env['TEST_ANALYTICS_REQUESTS'] ?? 10_000)
const AWAY_MS = Number(process.env['TEST_ANALYTICS_AWAY_MS'] ?? 1_000)

for (const kind of SERVERS) {
  describe(`Analytics of four processes on ${kind.name}`, function () {
    this.timeout(240_000)
    const databases = databasesOf(kind)

    it('say exactly what happened', async () => {
      const { config, drop } = await databases.create()
      const { client, connection } = config
      expect(await groundTruth(config, { client: client as string, connection: connection as string }, 4, REQUESTS)).to.be.above(
        REQUESTS - 1,
      )
      await drop()
    })

    it('lose nothing and write nothing twice while the database is away, and its answers are lost', async () => {
      const { config, drop } = await databases.create()
      const { client, connection } = config
      const url = new URL(connection as string)
      const proxy = await startFaultProxy({ port: Number(url.port) })
      url.port = String(proxy.port)
      const worker = { client: client as string, connection: url.href, acquireConnectionTimeout: 2_000 }
      const over = groundTruth(config, worker, 4, REQUESTS)
      const ill = (async () => {
        await proxy.when(({ toServer }) => toServer.received > 100_000)
        // Statements arrive, a COMMIT among them, and their answers do not; then everything is cut.
        proxy.drop('toClient')
        await new Promise(resolve => setTimeout(resolve, 200))
        proxy.cut()
        proxy.refuse()
        await new Promise(resolve => setTimeout(resolve, AWAY_MS))
        proxy.pass()
      })()
      try {
        await Promise.all([over, ill])
      } finally {
        await proxy.close()
        await drop()
      }
    })
  })
}
