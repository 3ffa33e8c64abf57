import { sqlite } from '../queries/sqlite.js'
import { writeMatrix } from '../queries/write-matrix.js'

writeMatrix(sqlite)
