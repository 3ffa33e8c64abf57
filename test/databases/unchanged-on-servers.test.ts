import { unchanged } from '../queries/unchanged.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) unchanged(databasesOf(kind))
