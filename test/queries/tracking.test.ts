import { sqlite } from './sqlite.js'
import { trackedWrites } from './tracking.js'

trackedWrites(sqlite)
