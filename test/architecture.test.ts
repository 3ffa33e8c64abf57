import { dirname, join } from 'node:path/posix'
import { expect } from 'chai'
import { sourceFile, sourceFiles, type SourceFile } from './source-text.js'

/**
 * The rooms, from the lowest to the highest, and what each may import besides itself; `import type` counts. A room is a folder in lib/ or in
 * adapters/; the files that lie in lib/ itself are the ground, but for the front door. What is not here does not exist.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  ground: [],
  signals: ['ground'],
  scope: [],
  time: ['ground'],
  keys: ['ground'],
  freshness: ['ground', 'time'],
  entries: ['ground', 'time', 'keys'],
  journal: ['ground', 'keys'],
  flight: ['journal'],
  stores: ['ground', 'time', 'keys', 'entries', 'journal'],
  cache: ['ground', 'signals', 'scope', 'time', 'keys', 'freshness', 'entries', 'journal', 'flight', 'stores'],
  functions: ['ground', 'signals', 'scope', 'keys', 'freshness', 'entries', 'cache'],
  holes: ['ground', 'scope', 'time', 'keys', 'cache'],
  fragments: ['ground', 'keys', 'cache', 'holes'],
  caches: ['ground', 'signals', 'time', 'keys', 'entries', 'stores', 'cache', 'holes', 'functions', 'fragments'],
  http: ['ground', 'keys', 'freshness'],
  responses: ['ground', 'time', 'keys', 'entries', 'cache', 'holes', 'http'],
  pages: ['ground', 'scope', 'time', 'keys', 'freshness', 'entries', 'cache', 'holes', 'caches', 'http', 'responses'],
  queries: ['ground', 'scope', 'keys', 'entries', 'journal', 'stores', 'cache'],
  analytics: ['ground', 'time', 'keys', 'cache'],
  index: [
    'ground',
    'signals',
    'time',
    'keys',
    'freshness',
    'entries',
    'journal',
    'stores',
    'cache',
    'holes',
    'functions',
    'fragments',
    'caches',
  ],
  testing: ['ground', 'time', 'keys', 'entries', 'journal', 'stores', 'cache', 'caches', 'index'],
  'adapters/chai': [],
  'adapters/express': ['ground', 'time', 'responses', 'pages', 'index'],
  'adapters/knex': ['ground', 'keys', 'cache', 'caches', 'queries', 'analytics'],
  'adapters/koa': ['ground', 'time', 'holes', 'responses', 'pages', 'index'],
  'adapters/metrics': ['ground', 'cache', 'caches'],
  'adapters/node': ['ground', 'responses', 'pages', 'index'],
  'adapters/redis': ['ground', 'time', 'entries', 'journal', 'stores', 'index'],
  'adapters/views': ['ground', 'holes', 'fragments', 'caches'],
  cli: ['ground', 'keys', 'cache', 'caches', 'analytics', 'adapters/knex', 'adapters/redis'],
}

/** What is put over the engine side by side; what two of these need belongs to the engine. */
const FACES = new Set(['pages', 'fragments', 'functions', 'queries', 'jobs', 'dashboard'])

/** The one door of each package, and of the parts of Node that few may know. Packages that are not here are imported by nobody. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  luxon: ['freshness'],
  'cron-parser': ['freshness'],
  'lru-cache': ['stores'],
  etag: ['http'],
  negotiator: ['http'],
  express: ['adapters/express'],
  knex: ['adapters/knex', 'cli'],
  koa: ['adapters/koa'],
  ioredis: ['adapters/redis'],
  'node:assert': ['testing'],
  'node:assert/strict': ['testing'],
  'node:async_hooks': ['scope'],
  'node:http': ['http', 'responses', 'pages', 'adapters/express', 'adapters/koa', 'adapters/node'],
  'node:os': ['adapters/knex'],
  'node:diagnostics_channel': ['adapters/metrics'],
  'node:path': ['adapters/knex', 'cli'],
  'node:fs': ['adapters/views'],
  'node:fs/promises': ['cli'],
  'node:module': ['cli'],
  'node:readline/promises': ['cli'],
  'node:url': ['cli'],
  'node:net': ['responses', 'pages', 'adapters/express', 'adapters/koa', 'adapters/redis'],
}

const FREE = /^node:(?:buffer|crypto|events|perf_hooks|stream|stream\/promises|string_decoder|timers|timers\/promises|util|zlib)$/

const DOORS = new Set(['lib/index.ts', 'lib/testing/index.ts'])
const MAX_LINES = 250

const files = [...sourceFiles('lib'), ...sourceFiles('adapters')]

describe('The house', () => {
  it('has no room without a row', () => {
    expect([...new Set(files.map(({ path }) => roomOf(path)))].filter(room => ROOMS[room] === undefined)).to.deep.equal([])
  })

  it('has no row that names a room higher than its own, and so no ring of rooms', () => {
    const order = Object.keys(ROOMS)
    for (const [place, room] of order.entries()) expect(order.slice(0, place), room).to.include.members([...(ROOMS[room] ?? [])])
  })

  it('has no face that may import another', () => {
    expect([...FACES].flatMap(face => ROOMS[face] ?? []).filter(room => FACES.has(room))).to.deep.equal([])
  })

  for (const [room, allowed] of Object.entries(ROOMS)) {
    it(`has ${room} import ${allowed.length === 0 ? 'no other room' : `no other rooms than ${allowed.join(', ')}`}`, () => {
      const own = files.filter(({ path }) => roomOf(path) === room)
      expect(
        own.flatMap(file =>
          inside(file)
            .filter(({ to }) => to !== room && !allowed.includes(to))
            .map(described),
        ),
      ).to.deep.equal([])
    })
  }

  it('imports each package through its one door', () => {
    const imports = files.flatMap(({ path, imports: all }) => all.filter(name => !name.startsWith('.')).map(name => ({ path, name })))
    const refused = imports.filter(({ path, name }) => !FREE.test(name) && PACKAGES[name]?.includes(roomOf(path)) !== true)
    expect(refused.map(({ path, name }) => `${path} imports ${name}`)).to.deep.equal([])
  })

  it('has no ring of files', () => {
    expect(ringOf(files)).to.deep.equal([])
  })
})

describe('A file of the house', () => {
  const rules: Readonly<Record<string, (file: SourceFile) => boolean>> = {
    'exports nothing by default': ({ code }) => !/\bexport\s+default\b|\bas\s+default\b/.test(code),
    [`has no more than ${MAX_LINES} lines of code`]: ({ lines }) => lines <= MAX_LINES,
    'hands on nothing of another’s, unless it is a door': ({ path, code }) =>
      DOORS.has(path) || /^adapters\/[\w-]+\/index\.ts$/.test(path) || !/\bexport\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;\n]*\bfrom\b/.test(code),
    'knows no `any`': ({ code }) => !/(?<![.\w$])any\b(?!\s*[:?(])/.test(code),
    'asserts nothing to be there with `!`': ({ code }) => !/[\w$)\]}'>]!(?!=)/.test(code),
  }
  for (const [rule, holds] of Object.entries(rules)) {
    it(rule, () => {
      expect(files.filter(file => !holds(file)).map(({ path, lines }) => `${path} (${lines} lines)`)).to.deep.equal([])
    })
  }

  // The reader of sources is no compiler; this shows that it sees what the rules are about.
  const seen: readonly (readonly [string, string])[] = [
    ['export default class A {}', 'exports nothing by default'],
    ['export { a as default }', 'exports nothing by default'],
    ['a()\n'.repeat(MAX_LINES + 1), `has no more than ${MAX_LINES} lines of code`],
    ["export { a } from './a.js'", 'hands on nothing of another’s, unless it is a door'],
    ["export type { A } from './a.js'", 'hands on nothing of another’s, unless it is a door'],
    ["export {\n  a,\n} from './a.js'", 'hands on nothing of another’s, unless it is a door'],
    ["export * from './a.js'", 'hands on nothing of another’s, unless it is a door'],
    ["export * as a from './a.js'", 'hands on nothing of another’s, unless it is a door'],
    ['let a: any', 'knows no `any`'],
    ['a as any[]', 'knows no `any`'],
    ['const a = `${b as any}`', 'knows no `any`'],
    ['type A = Map<string, any>', 'knows no `any`'],
    ['const a = b!.c', 'asserts nothing to be there with `!`'],
    ['a(b[0]!)', 'asserts nothing to be there with `!`'],
    ['let a!: string', 'asserts nothing to be there with `!`'],
    ['const a = `${b!}`', 'asserts nothing to be there with `!`'],
  ]
  for (const [text, rule] of seen) {
    it(`would be seen if it did not: ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(rules[rule]?.(sourceFile('lib/cache/a.ts', text))).to.equal(false)
    })
  }

  const innocent = [
    "const a = 'any' // as any, b!",
    '/* export default */ const a = b !== c && !d',
    "const a = /['\"`]/.test(b) ? 'as any' : `any! ${b} any!`",
    'const a = { any: 1 }.any',
    "export { a }\nimport { b } from './b.js'",
    'const half = a / 2 // as any / b!',
  ]
  for (const text of innocent) {
    it(`is not accused of what it does not do: ${JSON.stringify(text)}`, () => {
      const broken = Object.entries(rules).filter(([, holds]) => !holds(sourceFile('lib/cache/a.ts', text)))
      expect(broken.map(([rule]) => rule)).to.deep.equal([])
    })
  }

  it('has every import of it seen', () => {
    const text = `
      import a from 'a'
      import type { B } from './b.js'
      import {
        c,
      } from '../c/c.js'
      import * as d from "d"
      import './e.js'
      export type { F } from './f.js'
      const g = await import('./g.js')
      type H = import('./h.js').H
      // import i from 'i'
      const j = "import j from 'j'".length
    `
    expect(sourceFile('lib/cache/a.ts', text).imports.toSorted()).to.include.members([
      'a',
      './b.js',
      '../c/c.js',
      'd',
      './e.js',
      './f.js',
      './g.js',
      './h.js',
    ])
    expect(sourceFile('lib/cache/a.ts', text).imports).to.not.include('i')
  })
})

interface Import {
  readonly from: string
  readonly target: string
  readonly to: string
}

function inside({ path, imports }: SourceFile): readonly Import[] {
  return imports
    .filter(name => name.startsWith('.'))
    .map(name => {
      const target = join(dirname(path), name).replace(/\.js$/, '.ts')
      return { from: path, target, to: roomOf(target) }
    })
}

function roomOf(path: string): string {
  const [top = '', room = '', ...rest] = path.split('/')
  if (path === 'lib/index.ts') return 'index'
  if (top !== 'lib') return `${top}/${room}`
  return rest.length === 0 ? 'ground' : room
}

function described({ from, target }: Import): string {
  return `${from} imports ${target}`
}

/** The files of one ring of imports, if there is any. */
function ringOf(all: readonly SourceFile[]): readonly string[] {
  const targets = new Map(all.map(file => [file.path, inside(file).map(({ target }) => target)]))
  const done = new Set<string>()
  const from = (path: string, way: readonly string[]): readonly string[] => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path]
    if (done.has(path)) return []
    for (const target of targets.get(path) ?? []) {
      const ring = from(target, [...way, path])
      if (ring.length > 0) return ring
    }
    done.add(path)
    return []
  }
  for (const path of targets.keys()) {
    const ring = from(path, [])
    if (ring.length > 0) return ring
  }
  return []
}
