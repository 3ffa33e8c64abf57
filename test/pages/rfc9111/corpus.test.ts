import { describePages } from '../frameworks.js'
import { CORPUS } from './corpus.js'

for (const { title, tests } of CORPUS) describePages(title, tests)
