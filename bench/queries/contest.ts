import { Child } from '../measure/child.js'
import type { Contender, Contest, Turn } from '../measure/contest.js'
import { TASKS } from './tasks.js'

export const queriesContest: Contest = {
  title: 'Queries through knex, on SQLite in memory, 20,000 products',
  unit: 'call',
  warmAfter: 3_000,
  heats: Object.keys(TASKS).map(task => {
    const [first, ...others] = (['plain', 'cached'] as const).map(way => contender(task, way))
    if (first === undefined) throw new RangeError('A heat needs somebody')
    return { title: task, contenders: [first, ...others] }
  }),
}

function contender(task: string, way: 'plain' | 'cached'): Contender {
  return {
    name: way === 'plain' ? 'knex' : 'knex that went through cacheQueries',
    start: async () => {
      const child = new Child<Turn>(new URL('worker.js', import.meta.url), [task, way])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}
