import { writeMatrix, writeMatrixOfRows } from '../queries/write-matrix.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) {
  describe(`Writes through knex to ${kind.name}`, () => {
    const database = databasesOf(kind)
    writeMatrix(database)
    writeMatrixOfRows(database, (form, context) => context < 2 || (form + context) % 4 === 0)
  })
}
