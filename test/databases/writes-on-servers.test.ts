import { writeMatrix, writeMatrixOfRows } from '../queries/write-matrix.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) {
  describe(`Writes through knex to ${kind.name}`, () => {
    writeMatrix(databasesOf(kind))
    writeMatrixOfRows(databasesOf(kind), (form, context) => context < 2 || (form + context) % 4 === 0)
  })
}
