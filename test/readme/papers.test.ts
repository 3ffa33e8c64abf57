import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { createCache } from 'smart-cache'
import { ROOT } from '../source-text.js'

const PAPERS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs')).map(file => `docs/${file}`)].filter(
  file => file.endsWith('.md'),
)

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, unknown>>
  readonly scripts: Readonly<Record<string, string>>
}

function textOf(paper: string): string {
  return readFileSync(join(ROOT, paper), 'utf8')
}

/** What the pattern finds first in itself, each once. */
function found(text: string, pattern: RegExp): readonly string[] {
  return [...new Set(Array.from(text.matchAll(pattern), ([, first = '']) => first))].toSorted()
}

/** As the headings of a page are found from elsewhere. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
}

describe('The papers', () => {
  for (const paper of PAPERS) {
    it(`${paper} leads to places that there are`, () => {
      for (const link of found(textOf(paper), /\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(link)) continue
        const [path = '', anchor] = link.split('#', 2)
        const target = path === '' ? paper : join(dirname(paper), path)
        expect(existsSync(join(ROOT, target)), link).to.equal(true)
        if (anchor !== undefined) expect(found(textOf(target), /^#+ (.*)$/gm).map(anchorOf), link).to.include(anchor)
      }
    })

    it(`${paper} speaks of doors, scripts and files that there are`, () => {
      const text = textOf(paper)
      for (const door of found(text, /`?'?smart-cache\/([a-z]+)\b/g)) expect(Object.keys(manifest.exports), door).to.include(`./${door}`)
      for (const script of found(text, /`npm (?:run )?((?:test|bench|lint|start|check)[\w:-]*)/g))
        expect(Object.keys(manifest.scripts), script).to.include(script)
      for (const file of found(text, /`((?:lib|test|bench|examples|adapters|docs)\/[\w./-]+\.\w+)`/g))
        expect(existsSync(join(ROOT, file)), file).to.equal(true)
    })

    it(`${paper} names methods that a cache has`, () => {
      const cache = createCache()
      const known = new Set(['cache', 'hole', 'never', 'nonce', 'tag', 'ttl'])
      for (const method of found(textOf(paper), /(?<![\w.])(?:req\.|ctx\.)?cache\.(\w+)\(/g))
        expect(method in cache || known.has(method), method).to.equal(true)
    })
  }
})

/** What the code in the papers takes for granted: the package itself, the frameworks, and what its reader has. */
const GIVEN = `
import type express from 'express'
import type knex from 'knex'
import type { Context } from 'koa'
import type { AnyVisit, Cache } from 'smart-cache'
declare global {
  const cache: Cache, app: express.Express, req: express.Request, res: express.Response, ctx: Context, config: knex.Knex.Config
  const buildReport: () => string, fetchMetrics: () => string, findOffers: () => string, priceList: () => string
  const feed: express.RequestHandler, search: express.RequestHandler
  const tokenOf: (visit: AnyVisit) => string, log: (line: object) => void
  const db: { posts(): Promise<object[]> }
  const nextInstant: typeof import('smart-cache').nextInstant
  const smartCache: typeof import('smart-cache/express').smartCache, cachePage: typeof import('smart-cache/express').cachePage
  const cacheQueries: typeof import('smart-cache/knex').cacheQueries
}
`

/** Values that go by the names of the modules they come from. */
const IMPORTED: Readonly<Record<string, string>> = {
  'express.': "import express from 'express'",
  'knex(': "import knex from 'knex'",
  'Knex)': "import type { Knex } from 'knex'",
}

function given(code: string): string {
  const imports = Object.entries(IMPORTED).filter(([name, line]) => code.includes(name) && !code.includes(line))
  return ["import './given.js'", ...imports.map(([, line]) => line), ''].join('\n')
}

interface Block {
  readonly name: string
  readonly code: string
}

/** The code blocks of the papers that stand by themselves. Those of the README and on testing are cut out of programs, which are tested elsewhere. */
function blocks(): readonly Block[] {
  return PAPERS.filter(paper => paper.startsWith('docs/') && paper !== 'docs/testing.md').flatMap(paper =>
    Array.from(textOf(paper).matchAll(/```(?:ts|js)\n(.*?)```/gs), ([, code = ''], at) => ({
      name: `${paper.replaceAll(/docs\/|\.md/g, '')}-${at + 1}`,
      code,
    })),
  )
}

describe('The code in the papers', () => {
  const folder = join(ROOT, 'dist', 'papers')
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is accepted by the compiler as it is printed', function () {
    this.timeout(60_000)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'given.ts'), GIVEN)
    for (const { name, code } of blocks()) writeFileSync(join(folder, `${name}.ts`), `${given(code)}${code}export {}\n`)
    const options = {
      extends: '../../tsconfig.json',
      compilerOptions: {
        noEmit: true,
        rootDir: folder,
        outDir: join(folder, 'out'),
        incremental: false,
        tsBuildInfoFile: null,
        noUnusedLocals: false,
      },
      include: ['*.ts'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const { stdout } = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' })
    expect(stdout).to.equal('')
  })
})
