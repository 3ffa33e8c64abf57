import { Child } from '../measure/child.js'
import type { Contender, Contest, Heat, Turn } from '../measure/contest.js'

export const viewsContest: Contest = {
  title: 'Templates: a table of 100 rows, rendered to a string',
  unit: 'page',
  warmAfter: 1000,
  heats: [heat('EJS', 'ejs'), heat('Pug', 'pug'), heat('Nunjucks', 'njk'), heat('Handlebars', 'hbs')],
}

function heat(title: string, engine: string): Heat {
  const contender = (name: string, kept: string) => viewContender(name, engine, kept)
  return {
    title,
    contenders: [
      contender('the engine alone', 'alone'),
      contender('smart-cache/views, no fragments', 'nothing'),
      contender('a fragment for each row, hits', 'rows'),
      contender('one fragment for all rows, a hit', 'whole'),
    ],
  }
}

function viewContender(name: string, engine: string, kept: string): Contender {
  return {
    name,
    start: async () => {
      const child = new Child<Turn>(new URL('worker.js', import.meta.url), [engine, kept])
      return { turn: ms => child.ask(ms), close: () => child.close() }
    },
  }
}
