import { sqlite } from './sqlite.js'
import { writeMatrix, writeMatrixOfRows } from './write-matrix.js'

// Each form and each context in a few cells; all of them are in test/databases.
writeMatrix(sqlite, (form, context) => context === 0 || form === 6 || (form + context) % 11 === 3)
writeMatrixOfRows(sqlite, (form, context) => (form + context) % 11 === 7)
