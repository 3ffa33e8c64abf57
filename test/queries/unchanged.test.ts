import { sqlite } from './sqlite.js'
import { unchanged } from './unchanged.js'

unchanged(sqlite)
