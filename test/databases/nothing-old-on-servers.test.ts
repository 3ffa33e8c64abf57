import { nothingOld } from '../queries/nothing-old.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) nothingOld(databasesOf(kind))
