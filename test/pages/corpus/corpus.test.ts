import { describeHits, describePages } from '../frameworks.js'
import { CORPUS } from './corpus.js'

for (const { title, atTheFront = false, tests } of CORPUS) (atTheFront ? describeHits : describePages)(title, tests)
