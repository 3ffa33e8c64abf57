import { Child } from '../measure/child.js'
import type { Contender, Contest, Turn } from '../measure/contest.js'
import { TASKS, type Way } from './tasks.js'

const BOTH: readonly [Way, ...Way[]] = ['plain', 'cached']

const NAMES: Readonly<Record<Way, string>> = {
  plain: 'knex',
  cached: 'knex that went through cacheQueries',
  function: 'the same in a function that is kept',
}

export const queriesContest: Contest = {
  title: 'Queries through knex, on SQLite in memory, 20,000 products',
  unit: 'call',
  warmAfter: 3_000,
  heats: Object.entries(TASKS).map(([task, { ways: [first, ...others] = BOTH }]) => ({
    title: task,
    contenders: [contender(task, first), ...others.map(way => contender(task, way))],
  })),
}

function contender(task: string, way: Way): Contender {
  return {
    name: NAMES[way],
    start: async () => {
      const child = new Child<Turn>(new URL('worker.js', import.meta.url), [task, way])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}
