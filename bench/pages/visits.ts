import { serveQuestions } from '../measure/questions.js'
import { page } from './page.js'
import { probe } from './probe.js'
import { Visitor } from './visitors.js'

/** Visitors at once. */
const CONNECTIONS = 50

/** What the visitors have to tell of a turn. */
export interface Visits {
  readonly answers: number
  readonly elapsedUs: number
}

const [port = '', kind = '', status = '', maker = ''] = process.argv.slice(2)
const errand = await probe(Number(port), page(kind), Number(status), maker)
const visitors = await Promise.all(Array.from({ length: CONNECTIONS }, () => Visitor.arrive(Number(port), errand)))

serveQuestions(async (ms): Promise<Visits> => {
  const begin = performance.now()
  const answers = await Promise.all(visitors.map(visitor => visitor.askUntil(begin + ms)))
  return { answers: answers.reduce((sum, count) => sum + count, 0), elapsedUs: (performance.now() - begin) * 1000 }
})
