import { sqlite } from '../queries/sqlite.js'
import { writeMatrix, writeMatrixOfRows } from '../queries/write-matrix.js'

writeMatrix(sqlite)
writeMatrixOfRows(sqlite)
