import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startOwnRedis } from '../servers/redis.js'
import { MUTANTS, patched, type Mutant } from './mutant-list.js'

/*
 * Leaves out one rule of the protocol after the other, in a copy of what was compiled, and demands that the interleavings notice:
 *   npm run test:mutants -- --only fence
 * Prints which test caught what. Ends with code 1 if any rule can be left out unnoticed, or if its line cannot be found.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js')
const RULES = 'dist/test/redis/rules/*.test.js'
/** Those that live in one process are also tried there. */
const RACES = 'dist/test/races/*.test.js'

/** Without a rule, a test may wait for ever. */
const LONGEST_MS = 240_000

interface Verdict {
  readonly caughtBy: readonly string[]
  readonly passed: number
}

/** What mocha's reporter writes. */
interface MochaReport {
  readonly stats: { readonly passes: number }
  readonly failures: readonly { readonly fullTitle: string }[]
}

/** A package of its own, so that its tests import it and not what they were copied from. */
function copied(name: string): string {
  const folder = path.join(root, 'dist', 'mutants', name)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(path.join(root, 'package.json'), path.join(folder, 'package.json'))
  for (const part of ['lib', 'adapters', 'examples', 'test'])
    cpSync(path.join(root, 'dist', part), path.join(folder, 'dist', part), { recursive: true })
  return folder
}

function leaveOut({ patches }: Mutant, folder: string): void {
  for (const patch of patches) {
    const target = path.join(folder, 'dist', patch.file)
    writeFileSync(target, patched(readFileSync(target, 'utf8'), patch))
  }
}

function run(folder: string, specs: readonly string[], redisUrl: string, ...more: readonly string[]): Promise<Verdict> {
  const output = path.join(folder, 'report.json')
  const args = [
    mocha,
    '--no-config',
    '--timeout',
    '30000',
    '--exit',
    '--reporter',
    'json',
    '--reporter-option',
    `output=${output}`,
    ...more,
    ...specs,
  ]
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, env: { ...process.env, TEST_REDIS_URL: redisUrl }, maxBuffer: 1e8, timeout: LONGEST_MS },
      (_, stdout, stderr) => {
        try {
          const { stats, failures } = JSON.parse(readFileSync(output, 'utf8')) as MochaReport
          resolve({ caughtBy: failures.map(({ fullTitle }) => fullTitle), passed: stats.passes })
        } catch {
          reject(new Error(`Mocha wrote no report: ${stdout}${stderr}`))
        }
      },
    )
  })
}

/** Where the rule's own interleaving does not see that it is missing, any may. */
async function tried(mutant: Mutant, redisUrl: string): Promise<Verdict> {
  const folder = copied(nameOf(mutant).replaceAll(/[^\w-]+/g, '-'))
  try {
    leaveOut(mutant, folder)
    const own = await run(folder, [`dist/test/${mutant.own}.test.js`], redisUrl, '--bail')
    return own.caughtBy.length > 0 ? own : await run(folder, [RULES, RACES], redisUrl, '--bail')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function nameOf({ rule, part }: Mutant): string {
  return part === undefined ? rule : `${rule} (${part})`
}

const chosen = MUTANTS.filter(mutant => values.only === undefined || nameOf(mutant).includes(values.only))
const redis = await startOwnRedis()
let [survivors, next] = [0, 0]
try {
  const whole = copied('none')
  const specs = [...new Set(chosen.map(({ own }) => `dist/test/${own}.test.js`))]
  // Some wait for servers to find each other; the machine may be busy.
  const { caughtBy, passed } = await run(whole, specs, redis.url, '--retries', '2')
  rmSync(whole, { recursive: true, force: true })
  if (caughtBy.length > 0 || passed === 0)
    throw new Error(`With all rules in place ${passed} tests pass, and these fail:\n${caughtBy.join('\n')}`)
  console.log(`With all rules in place: ${passed} tests pass\n`)
  // Most of each is waiting.
  await Promise.all(Array.from({ length: availableParallelism() + 1 }, work))
} finally {
  await redis.stop()
}
console.log(`\n${chosen.length - survivors} of ${chosen.length} caught`)
if (survivors > 0) process.exitCode = 1

async function work(): Promise<void> {
  for (let mutant = chosen[next++]; mutant !== undefined; mutant = chosen[next++]) {
    const verdict = await tried(mutant, redis.url).catch((error: unknown) => String(error))
    if (typeof verdict === 'string' || verdict.caughtBy.length === 0) survivors++
    console.log(`${nameOf(mutant).padEnd(44)} ${typeof verdict === 'string' ? verdict : outcome(verdict)}`)
  }
}

function outcome({ caughtBy: [first, ...others] }: Verdict): string {
  if (first === undefined) return 'SURVIVES'
  return `${first}${others.length > 0 ? `, and ${others.length} more` : ''}`
}
