import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ROOT } from './source-text.js'

interface Door {
  /** What is there at run time. */
  readonly values: readonly string[]
  /** What is there for the compiler alone. */
  readonly types: readonly string[]
}

/** Every name that this package exports, by door. A change here is a change for its users: it belongs into the CHANGELOG. */
const DOORS: Readonly<Record<string, Door>> = {
  'smart-cache': {
    values: [
      'CacheError',
      'CodecError',
      'ConfigError',
      'KeyError',
      'LoadTimeoutError',
      'StoreError',
      'createCache',
      'createCaches',
      'memoryStore',
      'nextInstant',
      'nullStore',
    ],
    types: [
      'Announcing',
      'AnyFunction',
      'AnyRow',
      'AnyVisit',
      'ByteSize',
      'Cache',
      'CacheEvents',
      'CacheOptions',
      'CachedFunction',
      'CachedMethods',
      'Change',
      'ChangeKind',
      'ChangeListener',
      'Clock',
      'Conventional',
      'DependencyOptions',
      'Duration',
      'Entry',
      'Explanation',
      'KeptExplanation',
      'KeptQueries',
      'PolicyExplanation',
      'QueryExplanation',
      'Question',
      'RegisteredTable',
      'ShadowExplanation',
      'ShadowReport',
      'FillLease',
      'FragmentOptions',
      'FragmentsOptions',
      'FunctionPolicyOptions',
      'HeardChange',
      'HoleFiller',
      'HoleOptions',
      'InstantOptions',
      'Intent',
      'InvalidateOptions',
      'KeptEntry',
      'LabelOptions',
      'MemoryStoreOptions',
      'MethodDecorator',
      'ModelSignals',
      'NamedArguments',
      'OnceDecorator',
      'PolicyOptions',
      'Purge',
      'PurgeOptions',
      'Reading',
      'RepositoryOptions',
      'Schema',
      'SchemaResult',
      'ScheduleOptions',
      'Scheduled',
      'Store',
      'StoreWatcher',
      'Target',
      'Touches',
      'ValuePolicyOptions',
    ],
  },
  'smart-cache/chai': { values: ['cacheAssertions'], types: [] },
  'smart-cache/express': {
    values: [
      'cacheControl',
      'cachePage',
      'etagOf',
      'fresh',
      'invalidates',
      'lastModified',
      'neverCache',
      'smartCache',
      'varyOnCookie',
      'varyOnHeaders',
    ],
    types: ['PagePolicy', 'Validators'],
  },
  'smart-cache/koa': {
    values: [
      'cacheControl',
      'cachePage',
      'etagOf',
      'fresh',
      'invalidates',
      'lastModified',
      'neverCache',
      'smartCache',
      'varyOnCookie',
      'varyOnHeaders',
    ],
    types: ['PagePolicy', 'Validators'],
  },
  'smart-cache/knex': {
    values: ['analytics', 'cacheQueries', 'notifyOfWrites', 'stopNotifying'],
    types: [
      'Advice',
      'Analytics',
      'AnalyticsOptions',
      'Boards',
      'CacheQueriesOptions',
      'EntryRow',
      'Health',
      'ReasonRow',
      'RecordingOptions',
      'Report',
      'ReportOptions',
      'ReportRow',
      'SeriesRow',
      'TableOptions',
      'Times',
      'VariantsRow',
    ],
  },
  'smart-cache/metrics': {
    values: ['diagnosticsChannel', 'openTelemetry', 'prometheus'],
    types: ['OpenTelemetryApi', 'PrometheusRegistry'],
  },
  'smart-cache/node': { values: ['createServer', 'inFront'], types: ['Application', 'FrontOptions'] },
  'smart-cache/redis': { values: ['redisStore'], types: ['RedisStoreClient', 'RedisStoreOptions'] },
  'smart-cache/testing': {
    values: ['expectHit', 'expectMiss', 'fakeClock', 'gate', 'recordingStore', 'storeContract'],
    types: ['FakeClock', 'Gate', 'RecordingStore', 'StoreCall', 'StoreCheck', 'StoreOperation'],
  },
  'smart-cache/views': {
    values: ['ejsViews', 'handlebarsViews', 'nunjucksViews', 'pugViews'],
    types: [
      'Ejs',
      'EjsViewOptions',
      'Handlebars',
      'HandlebarsViewOptions',
      'Nunjucks',
      'NunjucksEnvironment',
      'Pug',
      'PugViewOptions',
      'Render',
      'ViewHole',
      'ViewOptions',
    ],
  },
}

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>
}

const { exports: paths } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest

describe('The public API', () => {
  it('has a row for every door', () => {
    const doors = Object.keys(paths).filter(path => path !== './package.json')
    expect(doors.map(path => path.replace('.', 'smart-cache')).toSorted()).to.deep.equal(Object.keys(DOORS).toSorted())
  })

  for (const [door, { values, types }] of Object.entries(DOORS)) {
    it(`of ${door} is these values`, async () => {
      expect(Object.keys((await import(door)) as object).toSorted()).to.deep.equal([...values].toSorted())
    })

    it(`of ${door} is these types`, () => {
      expect(typesOf(door).toSorted()).to.deep.equal([...types].toSorted())
    })
  }
})

/** The names that a door's declarations export as types. Doors hand on what others declare, so there are export lists only. */
function typesOf(door: string): readonly string[] {
  const entry = paths[door.replace('smart-cache', '.')]
  const declarations = readFileSync(join(ROOT, typeof entry === 'object' ? entry.types : ''), 'utf8')
  expect(declarations.replaceAll(/^export .* from .*;$|^\/\/.*$|\s/gm, ''), 'something else than export lists').to.equal('')
  return Array.from(declarations.matchAll(/export (type )?\{([^}]*)\}/g), ([, allTypes, names]) =>
    (names ?? '')
      .split(',')
      .map(name => name.trim())
      .filter(name => allTypes !== undefined || name.startsWith('type '))
      .map(name => name.replace(/^type |.* as /g, '')),
  ).flat()
}
