import { join } from 'node:path'
import { expect } from 'chai'
import express from 'express'
import knex, { type Knex } from 'knex'
import { createCache } from 'smart-cache'
import { analytics } from 'smart-cache/knex'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import { configOf } from './config-of.js'
import { CTRL_C, CTRL_D, inTerminal, type Typed } from './pseudo-terminal.js'
import { serve, type Served } from './serve.js'
import { CliFolder, MAIN } from './smart-cache-process.js'

const LONG = 'https://shop.example/a/path/that/is/longer/than/any/column/of/any/table/that/somebody/will/ever/look/at/in/a/terminal'

describe('smart-cache in a terminal', () => {
  let folder: CliFolder
  let db: Knex

  before(async () => {
    folder = await CliFolder.create()
    await folder.write('smart-cache.config.mjs', configOf('analytics.sqlite'))
    db = knex({
      client: await SqliteDialect.load(),
      connection: { filename: join(folder.path, 'analytics.sqlite') },
      useNullAsDefault: true,
    })
    await count()
  })

  after(async () => {
    await db.destroy()
    await folder.remove()
  })

  async function count(): Promise<void> {
    const cache = createCache()
    const stats = analytics({ knex: db, cache, sample: 1 })
    const profile = cache.cached(async (id: number) => id, { name: 'profile', tags: id => [`user:${id}`] })
    for (let n = 0; n < 60; n++) await profile(n % 30)
    await cache.getOrSet(LONG, () => 1)
    await cache.getOrSet('failing', () => Promise.reject(new Error('no'))).catch(() => undefined)
    await cache.invalidate('user:7', { why: 'a reason that is longer than there is room for it on a line' })
    await stats.close()
    await cache.close()
  }

  function run(command: string, options: { columns?: number; env?: Record<string, string>; typed?: readonly Typed[] } = {}) {
    const words = command === '' ? [] : command.split(' ')
    return inTerminal([process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...words], { cwd: folder.path, ...options })
  }

  for (const command of [
    'analytics',
    'top',
    'entries',
    'events --limit 100',
    'advice',
    'status',
    'top slow',
    '--help',
    'invalidate --help',
  ]) {
    it(`keeps to its width: ${command}`, async () => {
      const { code, lines } = await run(command)
      expect(code).to.equal(0)
      const at = { 80: lines } as Record<number, readonly string[]>
      for (const columns of [40, 200]) at[columns] = (await folder.call(command.split(' '), columns)).output.split('\n')
      for (const [columns, shown] of Object.entries(at)) {
        const tooLong = shown.filter(line => line.length > Number(columns) && !line.includes('$ ') && !line.includes('config.{'))
        expect(tooLong).to.deep.equal([])
        expect(shown.length).to.be.above(1)
      }
    })
  }

  it('shows beginning and end of a key that is too long', async () => {
    expect((await run('entries shop.example')).lines[1]).to.match(/^https:\/\/shop\.exa\S*….*terminal +0 +1 /)
    expect((await run('entries shop.example', { columns: 200 })).lines[1]).to.include(LONG)
  })

  it('is as wide as COLUMNS says, or 80, where the terminal does not know', async () => {
    const widest = async (env?: Record<string, string>) =>
      Math.max(...(await run('entries shop.example', { columns: 0, ...(env === undefined ? {} : { env }) })).lines.map(line => line.length))
    expect(await widest()).to.equal(80)
    expect(await widest({ COLUMNS: '100' })).to.equal(100)
  })

  it('has colours, unless somebody has none', async () => {
    const coloured = async (command: string, env: Record<string, string> = {}) => (await run(command, { env })).raw.includes('\u001b[')
    expect(await coloured('analytics')).to.equal(true)
    expect(await coloured('analytics', { NO_COLOR: '1' })).to.equal(false)
    expect(await coloured('analytics', { TERM: 'dumb' })).to.equal(false)
    expect(await coloured('analytics --no-color')).to.equal(false)
  })

  describe('asked to delete', () => {
    const QUESTION = 'This deletes all that was counted. Go on? [y/N] '

    for (const [what, keys] of [
      ['no', 'n\r'],
      ['nothing', '\r'],
      ['something else', 'yessir\r'],
      ['Ctrl-C', CTRL_C],
      ['Ctrl-D', CTRL_D],
    ] as const) {
      it(`deletes nothing when it is told ${what}`, async () => {
        const { code, lines } = await run('clear --events', { typed: [[/\[y\/N\] /, keys]] })
        expect(code).to.equal(4)
        expect(lines[0]).to.include(QUESTION)
        expect(lines.at(-2)).to.equal('Nothing was deleted.')
        expect((await folder.run(['entries', 'profile'])).output).to.include('profile(0)')
      })
    }

    it('deletes when somebody says yes', async () => {
      const { code, lines } = await run('clear --events', { typed: [[/\[y\/N\] /, 'y\r']] })
      expect([code, lines.at(-2)]).to.deep.equal([0, 'Deleted: all that was counted.'])
      expect((await folder.run(['entries', 'profile'])).output).to.equal('There are none.\n')
      await count()
    })

    it('does not ask where it is told to, nor where it cannot be done', async () => {
      expect((await run('clear --entries')).code).to.equal(2)
      const { code, lines } = await run('clear --events --yes')
      expect([code, lines]).to.deep.equal([0, ['Deleted: all that was counted.', '']])
      await count()
    })
  })

  describe('with a site to warm', () => {
    let site: Served
    let url: string

    before(async () => {
      const app = express()
      app.get('/ill', (_req, res) => void res.status(500).send('no'))
      app.get('/endless', () => undefined)
      app.get('/:page', (_req, res) => void res.set('Cache-Status', 'smart-cache; fwd=miss; stored').send('page'))
      site = await serve(app)
      url = site.url
    })

    after(() => site.close())

    const warm = (pages: readonly string[], options: { columns?: number; typed?: readonly Typed[] } = {}) =>
      run(`warm --concurrency 1 ${pages.map(page => `${url}/${page}`).join(' ')}`, options)

    it('says how far it has come, in one line', async () => {
      for (const columns of [40, 80]) {
        const { code, raw, lines } = await warm(['a', 'b', 'c', 'd'], { columns })
        expect(code).to.equal(0)
        for (const counts of ['1/4', '2/4', '3/4', '4/4']) expect(raw).to.include(counts)
        expect(lines).to.deep.equal([`Warming ${'█'.repeat(columns === 40 ? 27 : 30)} 4/4`, '4 kept', ''])
      }
    })

    it('says what fails in lines of their own', async () => {
      const { code, lines } = await warm(['a', 'ill', 'b'])
      expect(code).to.equal(1)
      expect(lines[0]).to.match(/^Warming █{10} + 1\/3$/)
      expect(lines.slice(1)).to.deep.equal([`${url}/ill: status 500`, `Warming ${'█'.repeat(30)} 3/3`, '2 kept, 1 failed', ''])
    })

    it('stops at Ctrl-C, and says what has been done', async () => {
      const { code, lines } = await warm(['a', 'b', 'endless', 'c'], { typed: [[/2\/4/, CTRL_C]] })
      expect(code).to.equal(130)
      expect(lines.at(-2)).to.equal('Stopped after 2 of 4: 2 kept')
    })
  })

  it('ends at Ctrl-C, whatever it is waiting for', async () => {
    await folder.write(
      'waiting.mjs',
      `export default { knex: () => new Promise(() => { setInterval(() => {}, 1000); console.log('waiting') }) }`,
    )
    const { code, lines } = await run('analytics -c waiting.mjs', { typed: [[/waiting/, CTRL_C]] })
    expect([code, lines.at(-1)]).to.deep.equal([130, '^C'])
  })

  it('completes what is begun, in a bash', async () => {
    const script = (await folder.call(['completion', 'bash'])).output
    await folder.write('rc', `PS1='ready> '\nsmart-cache() { printf '<%s>' "$@"; echo; }\n${script}`)
    const type = (keys: string): Typed => [/ready> /, keys]
    const { raw } = await inTerminal(['bash', '--rcfile', 'rc', '-i'], {
      cwd: folder.path,
      columns: 200,
      env: { INPUTRC: '/dev/null' },
      typed: [
        type('smart-cache ana\t--b\tna\t\r'),
        type('smart-cache top nev\t\r'),
        type('smart-cache invalidate --so\tposts\r'),
        type('exit\r'),
      ],
    })
    expect(raw).to.include('<analytics><--by><name>')
    expect(raw).to.include('<top><never-hit>')
    expect(raw).to.include('<invalidate><--soft><posts>')
  })
})
