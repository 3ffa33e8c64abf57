import { nothingOld } from './nothing-old.js'
import { sqlite } from './sqlite.js'

nothingOld(sqlite)
