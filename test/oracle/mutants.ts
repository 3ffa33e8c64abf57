import { sqlite } from '../queries/sqlite.js'
import type { Patch } from './mutate.js'
import { startOwnRedis } from '../servers/redis.js'
import { trial, type Trial } from './trial.js'

/*
 * Takes one precaution after the other away, and demands that the oracle notices, on SQLite:
 *   npm run test:oracle-mutants
 * What does not happen in its course, or is made good by the next transaction of the connection, is in test/queries/commits.test.ts and reads.test.ts.
 * Ends with code 1 if one of them is not missed.
 */
interface Mutant extends Patch {
  readonly name: string
  /** Is it about rows that are told apart? */
  readonly rows?: boolean
}

const WRITES = 'lib/queries/writes.js'
const PURGED = 'await this.#purge(this.#asOfNow(touch.tags, revision), intent);'

const MUTANTS: readonly Mutant[] = [
  {
    name: 'the position is read after the query',
    file: 'lib/stores/memory-store.js',
    from: 'const kept = this.#shelf.put(entry);',
    to: 'const kept = this.#shelf.put({ ...entry, position: this.#shelf.journal.position });',
  },
  { name: 'the purge comes before COMMIT only', file: WRITES, from: PURGED, to: '' },
  {
    name: 'the purge comes with each statement, not with COMMIT',
    file: WRITES,
    from: 'ledger.touch(touch);\n        // What is written may',
    to: 'void this.#purge(touch.tags, undefined);\n        // What is written may',
  },
  { name: 'the purge is not waited for', file: WRITES, from: PURGED, to: 'setTimeout(() => this.#purge(touch.tags, intent), 5);' },
  {
    name: 'tables in subqueries are not seen',
    file: 'lib/queries/catalog.js',
    from: 'const tables = new Set([...names].filter(name => this.#tables.has(name)));',
    to: 'const tables = new Set([...names].filter(name => this.#tables.has(name)).slice(0, 1));',
  },
  {
    name: 'keys are without the types of bindings',
    file: 'lib/queries/query-key.js',
    from: 'bindings.map(canonical).join()',
    to: 'bindings.map(String).join()',
  },
  {
    name: 'what a released savepoint has written is forgotten',
    file: 'lib/queries/ledger.js',
    from: 'for (const touch of touched)\n                this.touch(touch);\n',
    to: '\n',
  },
  {
    name: 'a write to known rows leaves what was read of the whole table',
    file: 'lib/queries/row-tags.js',
    from: 'wholeTag(first.table)',
    to: "''",
    rows: true,
  },
  {
    name: 'a write to rows that are not known leaves what was read of single ones',
    file: 'lib/queries/row-tags.js',
    from: 'touched.add(columnTag(table, name))',
    to: 'undefined',
    rows: true,
  },
  {
    name: 'what was read of rows as they were is left',
    file: 'lib/queries/row-tags.js',
    from: '[...before, ...spelled]',
    to: 'spelled',
    rows: true,
  },
  {
    name: 'a list of values counts as its first',
    file: 'lib/queries/tags.js',
    from: '...spelled.map(one => rowTag(table, column, one))',
    to: '...spelled.slice(0, 1).map(one => rowTag(table, column, one))',
    rows: true,
  },
]

/** What shows only when a writer dies: four processes over a Redis, of which the one that writes is killed. */
const WHEN_KILLED: readonly Mutant[] = [
  {
    name: 'no intent is declared before COMMIT',
    file: WRITES,
    from: 'this.#engine.store.intend === undefined ? undefined : await this.#intend(touch.tags, undo)',
    to: 'undefined',
  },
]

const only = process.argv[2]
let survivors = 0
for (const mutant of MUTANTS) await tried(mutant, { processes: 1, redis: undefined, reads: 15_000, seed: 1 })
const redis = await startOwnRedis()
try {
  const killed = { processes: 4, redis: redis.url, reads: 4_000, seed: 1, lastWriter: true }
  for (const mutant of WHEN_KILLED) await tried(mutant, killed)
  const { violations, reads } = await trial({ ...killed, database: sqlite, rows: true, faults: true })
  console.log(`nothing taken away, and the writer killed: ${violations.length} violations in ${reads} reads`)
  if (violations.length > 0) process.exitCode = 1
} finally {
  await redis.stop()
}
if (survivors > 0) process.exitCode = 1

async function tried(mutant: Mutant, how: Pick<Trial, 'processes' | 'redis' | 'reads' | 'seed' | 'lastWriter'>): Promise<void> {
  if (only !== undefined && !mutant.name.includes(only)) return
  const { violations, reads } = await trial({ ...how, database: sqlite, rows: mutant.rows ?? false, faults: true, mutant })
  if (violations.length === 0) survivors++
  console.log(`${mutant.name}: ${violations.length === 0 ? 'SURVIVES' : `${violations.length} violations`} in ${reads} reads`)
}
