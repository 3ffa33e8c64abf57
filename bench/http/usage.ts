import { readdirSync, readFileSync } from 'node:fs'

/** CPU time that a process and all that came of it have used so far, in us: of every thread, as Linux counts it to the nanosecond. */
export function cpuUsOf(pid: number): number {
  return [pid, ...childrenOf(pid)].flatMap(threadsOf).reduce((sum, ns) => sum + ns, 0) / 1000
}

function childrenOf(pid: number): readonly number[] {
  const children = tasksOf(pid).flatMap(task =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter(text => text.trim() !== '')
      .map(Number),
  )
  return children.flatMap(child => [child, ...childrenOf(child)])
}

function threadsOf(pid: number): readonly number[] {
  return tasksOf(pid).map(task => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]))
}

function tasksOf(pid: number): readonly string[] {
  return readdirSync(`/proc/${pid}/task`)
}
