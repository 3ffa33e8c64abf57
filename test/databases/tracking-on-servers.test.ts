import { trackedWrites } from '../queries/tracking.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) {
  describe(`On ${kind.name}`, () => {
    trackedWrites(databasesOf(kind))
  })
}
