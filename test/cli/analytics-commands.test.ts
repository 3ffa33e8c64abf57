import { join } from 'node:path'
import { expect } from 'chai'
import knex from 'knex'
import { createCache, type Cache } from 'smart-cache'
import { analytics } from 'smart-cache/knex'
import { fakeClock, type FakeClock } from 'smart-cache/testing'
import { SqliteDialect } from '../../examples/cities/database/sqlite-dialect.js'
import { INJECTIONS } from '../analytics/injections.js'
import { configOf } from './config-of.js'
import { CliFolder } from './smart-cache-process.js'

const SECRET = 'pl4nted-S3cret'

describe('smart-cache, asked about analytics', () => {
  let folder: CliFolder

  before(async () => {
    folder = await CliFolder.create()
    await folder.write('smart-cache.config.mjs', configOf('analytics.sqlite'))
    await recorded('analytics.sqlite', use)
  })

  after(() => folder.remove())

  /** Has a cache used, an hour ago, and written down in this file. */
  async function recorded(file: string, traffic: (cache: Cache, clock: FakeClock) => Promise<void>): Promise<void> {
    const filename = join(folder.path, file)
    const db = knex({ client: await SqliteDialect.load(), connection: { filename }, useNullAsDefault: true })
    const clock = fakeClock(Date.now() - 3_600_000)
    const cache = createCache({ clock })
    const stats = analytics({ knex: db, cache, sample: 1 })
    await traffic(cache, clock)
    await stats.close()
    await cache.close()
    await db.destroy()
  }

  async function use(cache: Cache): Promise<void> {
    const profile = cache.cached(async (id: number) => 'x'.repeat(id), { name: 'profile', tags: id => [`user:${id}`] })
    for (let n = 0; n < 200; n++) await profile(n % 20)
    const token = cache.cached(async (word: string) => word, { name: 'a function with a name that is much longer than any column' })
    await token(SECRET)
    await cache.getOrSet('failing', () => Promise.reject(new Error(SECRET))).catch(() => undefined)
    await cache.invalidate('user:7', { why: 'edit' })
    await cache.set('\u001b[2Jgone', 1)
  }

  const SAID: readonly (readonly [command: string, says: RegExp])[] = [
    ['analytics', /Requests +202 +Hit rate +89\.1 %[\s\S]*\nNAME +REQUESTS[^\n]*\nprofile +200 +███████. +90\.0 %/],
    ['analytics --by kind --days 0.5', /\nKIND +REQUESTS[^\n]*\nvalue +202/],
    ['analytics --by route', /Nothing was counted in this time/],
    ['top', /ENTRY +HITS +MISSES[^\n]*\nprofile\(0\) +9 +1/],
    ['top large --limit 1', /^ENTRY[^\n]*\n[^\n]+\n$/],
    ['top variants', /Nothing stands out so/],
    ['entries profile --limit 3', /(profile\(\d+\)[^\n]*\n){3}$/],
    ['entries nobody', /There are none/],
    ['events --limit 200', /\d\d:\d\d:\d\d +purge +tag user:7 +edit\n/],
    ['events --type fail', /\d\d:\d\d:\d\d +fail +failing +Error\n/],
    ['advice', /No advice/],
    ['status', /^well {2}Analytics\n {6}202 requests of \d names/],
    ['migrate', /up to date/],
  ]
  for (const [command, says] of SAID) {
    it(`says what was asked for, in 80 columns: ${command}`, async () => {
      const { code, output, errors } = await folder.run(command.split(' '))
      expect(errors).to.equal('')
      expect(code).to.equal(0)
      expect(output).to.match(says)
      expect(output.split('\n').filter(line => line.length > 80)).to.deep.equal([])
      expect(output).to.not.include(SECRET)
      // Neither colour, where nobody looks, nor what somebody has hidden in a key.
      expect(output.replaceAll('\n', '')).to.not.match(/\p{Cc}/u)
    })
  }

  for (const command of ['analytics', 'top', 'entries', 'advice', 'status']) {
    it(`says it to programs, too: ${command} --format json`, async () => {
      const { code, output } = await folder.call([command, '--format', 'json'])
      expect(code).to.equal(0)
      expect(typeof JSON.parse(output)).to.equal('object')
    })
  }

  it('says advice with its figures, in words and with their units', async () => {
    await folder.write('advised.config.mjs', configOf('advised.sqlite'))
    await recorded('advised.sqlite', async (cache, clock) => {
      let size = 0
      const load = () => {
        clock.advance(150)
        return 'x'.repeat(++size)
      }
      const rates = cache.cached(load, { name: 'rates', ttl: '1m' })
      for (let n = 0; n <= 25; n++) {
        await rates()
        clock.advance('61s')
      }
    })
    const { code, output } = await folder.run(['advice', '-c', 'advised.config.mjs'])
    expect(code).to.equal(0)
    expect(output).to.match(/^grace\n {2}25 times somebody waited for rates to be loaded[^\n]*\n/)
    expect(output).to.match(/\n {2}expired 25, load p50 1\d\d ms, load p95 1\d\d ms\n\n$/)
    expect(output.split('\n').filter(line => line.length > 80)).to.deep.equal([])
  })

  it('takes whatever filters say for text', async () => {
    for (const text of INJECTIONS) {
      for (const args of [
        ['entries', '--', text],
        ['events', `--name=${text}`],
        ['analytics', `--namespace=${text}`],
      ]) {
        const { code, output } = await folder.call(args)
        expect([args[0], code]).to.deep.equal([args[0], 0])
        expect(output.replaceAll('\n', '')).to.not.match(/\p{Cc}/u)
      }
      for (const args of [
        ['top', text],
        ['analytics', `--by=${text}`],
        ['entries', `--order=${text}`],
        ['events', `--type=${text}`],
        ['top', `--days=${text}`],
      ])
        expect(await folder.call(args), args.join(' ')).to.include({ code: 2, output: '' })
    }
    expect((await folder.run(['entries', 'profile', '--limit', '1'])).output).to.include('profile(0)')
  })

  it('follows events until Ctrl-C', async () => {
    const { code, output } = await folder.run(['events', '--follow', '--format', 'json', '--limit', '3'], { until: /(?:.*\n){3}/ })
    expect(code).to.equal(0)
    expect(
      output
        .trim()
        .split('\n')
        .map(line => (JSON.parse(line) as { type: string }).type),
    ).to.have.length(3)
  })

  it('deletes nothing unless somebody agrees', async () => {
    const declined = await folder.run(['clear', '--events'])
    expect([declined.code, declined.output]).to.deep.equal([4, ''])
    expect(declined.errors).to.equal('Nothing was deleted: there is nobody to ask. Say --yes.\n')
    await folder.write('other.config.mjs', configOf('other.sqlite'))
    const agreed = await folder.run(['clear', '--events', '--yes', '--config', 'other.config.mjs'])
    expect([agreed.code, agreed.output]).to.deep.equal([0, 'Deleted: all that was counted.\n'])
    expect((await folder.run(['entries', 'profile'])).output).to.include('profile(0)')
  })

  it('makes the tables where there are none', async () => {
    await folder.write('new.config.mjs', configOf('new.sqlite'))
    expect((await folder.run(['migrate', '-c', 'new.config.mjs'])).output).to.equal('Done: 001_tables\n')
    expect((await folder.run(['migrate', '-c', 'new.config.mjs'])).output).to.equal('The tables are up to date.\n')
  })
})
