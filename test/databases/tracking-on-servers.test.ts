import { trackedWrites } from '../queries/tracking.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) trackedWrites(databasesOf(kind))
