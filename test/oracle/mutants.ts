import { startOwnRedis } from '../servers/redis.js'
import { sqlite } from '../queries/sqlite.js'
import type { Patch } from './mutate.js'
import { trial } from './trial.js'

/*
 * Takes one precaution after the other away, and demands that the oracle notices, on SQLite:
 *   npm run test:oracle-mutants
 * Ends with code 1 if one of them is not missed.
 */
interface Mutant extends Patch {
  readonly name: string
  /** Only several processes, one of which dies, can show it. */
  readonly several?: boolean
}

const WRITES = 'lib/queries/writes.js'
const PURGED = 'await this.#purge(this.#asOfNow(touched, revision), intent);'

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
    from: 'ledger.touch(touched);\n        // What is written may',
    to: 'await this.#purge(touched, undefined);\n        // What is written may',
  },
  { name: 'the purge is not waited for', file: WRITES, from: PURGED, to: 'setTimeout(() => this.#purge(touched, intent), 5);' },
  {
    name: 'a COMMIT that fails does not purge',
    file: WRITES,
    from: 'await this.#purgeBehind(this.#asOfNow(touched, revision), intent);',
    to: '',
  },
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
    from: 'this.touch(touched);\n',
    to: '\n',
  },
  {
    name: 'what is read on a connection with an open transaction is kept',
    file: 'lib/queries/queries.js',
    from: 'if (this.#writes.openOn(connection) !== undefined || this.statements.revision !== revision)',
    to: 'if (this.statements.revision !== revision)',
  },
  {
    name: 'nothing is announced before COMMIT',
    file: WRITES,
    from: 'const intent = await this.#intend(touched, undo);',
    to: 'const intent = undefined;',
    several: true,
  },
]

const only = process.argv[2]
const redis = await startOwnRedis()
let survivors = 0
try {
  for (const mutant of MUTANTS.filter(({ name }) => only === undefined || name.includes(only))) {
    if (mutant.several === true) await redis.restart()
    const { violations, reads } = await trial({
      database: sqlite,
      processes: mutant.several === true ? 4 : 1,
      redis: mutant.several === true ? redis.url : undefined,
      reads: mutant.several === true ? 60_000 : 15_000,
      seed: 1,
      faults: true,
      mutant,
    })
    if (violations.length === 0) survivors++
    console.log(`${mutant.name}: ${violations.length === 0 ? 'SURVIVES' : `${violations.length} violations`} in ${reads} reads`)
  }
} finally {
  await redis.stop()
}
if (survivors > 0) process.exitCode = 1
