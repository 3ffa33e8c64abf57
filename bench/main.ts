import { availableParallelism, cpus } from 'node:os'
import { analyticsContests } from './analytics/contests.js'
import { farContest, purgeContest } from './far/contests.js'
import { functionContests } from './functions/contests.js'
import type { Contest } from './measure/contest.js'
import { run } from './measure/rounds.js'
import { resultsOf, table } from './measure/table.js'
import { readOptions, usage, type Options, type Part } from './options.js'
import { httpContests } from './http/contests.js'
import { expressContest, holesContests, koaContest, missesContests } from './pages/contests.js'
import { queriesContest } from './queries/contest.js'
import { valuesContest } from './values/contest.js'
import { viewsContest } from './views/contest.js'

const LEGEND = 'Ratios to the first line of each block in the same round: median, min..max.'

const contests: Readonly<Record<Part, () => readonly Contest[] | Promise<readonly Contest[]>>> = {
  express: () => [expressContest],
  koa: () => [koaContest],
  misses: () => missesContests,
  holes: () => holesContests,
  values: () => [valuesContest],
  functions: () => functionContests(notice => console.error(notice)),
  queries: () => [queriesContest],
  far: () => [farContest],
  purge: () => [purgeContest],
  analytics: () => analyticsContests,
  views: () => [viewsContest],
  http: () => httpContests(notice => console.error(notice)),
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) process.stdout.write(usage)
  else await measure(options)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function measure({ rounds, seconds, parts, json }: Options): Promise<void> {
  const machine = `Node ${process.versions.node}, ${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? process.arch}`
  const figures: Record<string, unknown> = { machine, rounds, seconds }
  if (!json) console.log(`${machine}. ${rounds} rounds, each with ${seconds} s for each line.\n${LEGEND}\n`)
  for (const part of parts) {
    const measured: object[] = []
    for (const contest of await contests[part]()) {
      const results = await run(contest, { rounds, roundMs: seconds * 1000 })
      for (const heat of contest.heats) measured.push({ contest: contest.title, title: heat.title, results: resultsOf(heat, results) })
      if (!json) console.log(`${table(contest, results)}\n`)
    }
    figures[part] = measured
  }
  if (json) console.log(JSON.stringify(figures, undefined, 2))
}
