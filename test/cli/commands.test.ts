import { expect } from 'chai'
import express from 'express'
import { createCache } from 'smart-cache'
import { cachePage, smartCache } from 'smart-cache/express'
import { COMMANDS } from '../../lib/cli/run.js'
import { serve, type Served } from './serve.js'
import { CliFolder } from './smart-cache-process.js'

const CACHE = import.meta.resolve('smart-cache')

describe('smart-cache', () => {
  let folder: CliFolder

  before(async () => {
    folder = await CliFolder.create()
  })

  after(() => folder.remove())

  it('says what it can do, in 80 columns and in examples', async () => {
    for (const args of [['--help'], [], ['help', 'events'], ...COMMANDS.map(({ name }) => [name, '--help'])]) {
      const { code, output, errors } = await folder.call(args)
      expect([code, errors]).to.deep.equal([0, ''])
      expect(output.split('\n').filter(line => line.length > 80 && !line.includes('$ '))).to.deep.equal([])
    }
    for (const { examples, name } of COMMANDS) expect(examples.join('\n'), name).to.include(`smart-cache ${name}`)
  })

  it('is a program, that ends with a code', async () => {
    expect((await folder.call(['--version'])).output).to.match(/^\d+\.\d+\.\d+\n$/)
    expect((await folder.run(['--help'])).code).to.equal(0)
    expect((await folder.run(['completion', 'bash'])).output).to.include('complete ')
    const { code, errors } = await folder.run(['analitics'])
    expect([code, errors]).to.deep.equal([2, 'smart-cache: smart-cache has no command `analitics`. Did you mean `analytics`?\n'])
  })

  const REFUSED: readonly (readonly [args: string, says: string])[] = [
    ['analitics', 'Did you mean `analytics`?'],
    ['analytics', '--database'],
    ['analytics --days many --database a.sqlite', '--days'],
    ['analytics --by colour --database a.sqlite', '--by'],
    ['analytics --dais 7', 'analytics has no option `--dais`. Did you mean `--days`?'],
    ['analytics --days', '--days'],
    ['analytics more', 'takes options only, got "more" too'],
    ['explain http://a/ http://b/', 'one word, got "http://b/" too'],
    ['top of-all --database a.sqlite', 'never-hit'],
    ['entries --order sideways --database a.sqlite', 'saved_ms'],
    ['events --type purges --database a.sqlite', 'purge, evict, error'],
    ['help analitics', 'Did you mean `analytics`?'],
    ['analytics --database ftp://nowhere', '--database'],
    ['analytics --config nowhere.js', 'there is no such file'],
    ['invalidate', 'Say what to purge'],
    ['invalidate a', '--redis'],
    ['invalidate a --key b', 'Say what to purge'],
    ['clear', '--entries, --events or --all'],
    ['clear --entries --yes', '--redis'],
    ['warm', 'Say which URLs'],
    ['warm nonsense', 'http://'],
    ['warm http://127.0.0.1:1/ --concurrency 0', '--concurrency'],
    ['explain', 'Say which URL'],
    ['explain /posts', 'http://'],
    ['status', 'nothing to look at'],
    ['completion tcsh', 'bash, zsh, fish'],
  ]
  for (const [args, says] of REFUSED) {
    it(`says what is wrong with: ${args}`, async () => {
      const { code, output, errors } = await folder.call(args.split(' '))
      expect([code, output]).to.deep.equal([2, ''])
      expect(errors).to.match(/^smart-cache: /)
      expect(errors).to.include(says)
    })
  }

  it('says what is wrong with a configuration', async () => {
    const wrong: Readonly<Record<string, readonly [text: string, says: string]>> = {
      'a.json': ['{', 'a.json'],
      'b.json': ['{ "databse": "x" }', 'Did you mean `database`?'],
      'c.mjs': ['throw new Error("oops")', 'oops'],
      'd.mjs': ['export const a = 1', 'default export'],
    }
    for (const [name, [text, says]] of Object.entries(wrong)) {
      await folder.write(name, text)
      const { code, errors } = await folder.call(['analytics', '--config', name])
      expect(code, name).to.equal(2)
      expect(errors, name).to.include(says)
    }
  })

  it('reads a configuration in TypeScript, where Node does', async () => {
    await folder.write('typed.ts', 'export default { urls: [] as readonly string[] }')
    const { code, errors } = await folder.run(['warm', '--config', 'typed.ts'])
    expect(code).to.equal(2)
    const { typescript } = process.features as { readonly typescript?: unknown }
    expect(errors).to.include(typescript ? 'Say which URLs' : 'Node 22.18')
  })

  it('says so where nobody answers, and not the password', async () => {
    for (const args of [
      ['invalidate', 'a', '--redis', 'redis://me:hunter2@127.0.0.1:1'],
      ['explain', 'http://127.0.0.1:1/'],
    ]) {
      const { code, errors } = await folder.run(args)
      expect(code).to.equal(1)
      expect(errors).to.include('does not answer')
      expect(errors).to.not.include('hunter2')
    }
    const { code, output } = await folder.run(['status', '--redis', 'redis://127.0.0.1:1'])
    expect(code).to.equal(3)
    expect(output).to.match(/^ILL {3}Store \(Redis\)\n/)
  })

  it('purges what the configured cache keeps', async () => {
    await folder.write(
      'smart-cache.config.mjs',
      `import { createCache } from ${JSON.stringify(CACHE)}
       export default { cache: async () => {
         const cache = createCache()
         await cache.set('k', 1, { tags: ['posts'] })
         cache.on('purge', ({ kind, name, why }) => console.log(kind, name, why))
         cache.on('error', console.error)
         return cache
       } }`,
    )
    const purged = async (...args: string[]) => (await folder.run(args)).output.split('\n')[0]
    expect(await purged('invalidate', 'posts')).to.equal('tag posts smart-cache invalidate')
    expect(await purged('invalidate', '--key', 'k', '--why', 'import')).to.equal('key k import')
    expect(await purged('invalidate', '--pattern', 'user:*')).to.equal('pattern user:* smart-cache invalidate')
    expect(await purged('clear', '--entries', '--yes')).to.equal('prefix  clear()')
  })

  it('explains what the configured cache knows, and asks nobody', async () => {
    await folder.write(
      'known.config.mjs',
      `import express from ${JSON.stringify(import.meta.resolve('express'))}
       import { createCache } from ${JSON.stringify(CACHE)}
       import { smartCache } from ${JSON.stringify(import.meta.resolve('smart-cache/express'))}
       export default { cache: async () => {
         const cache = createCache()
         const app = express().use(smartCache({ cache, pages: { ttl: '15m', tags: ['offers'] } })).get('/offers', (_, res) => void res.send('offers'))
         const server = app.listen(0, '127.0.0.1')
         await new Promise(resolve => server.once('listening', resolve))
         await (await fetch('http://127.0.0.1:' + server.address().port + '/offers')).text()
         console.log(server.address().port)
         server.closeAllConnections()
         server.close()
         return cache
       } }`,
    )
    const { code, output, errors } = await folder.run(['explain', 'http://shop.example/offers', '-c', 'known.config.mjs'])
    expect([code, errors]).to.deep.equal([0, ''])
    expect(output).to.match(/^\d+\nmiss\n {2}Nothing is kept: the handler would run.\n {2}key {6}~page\S* http:\/\/shop\.example\/offers/)
    const status = await folder.run(['status', '-c', 'known.config.mjs'])
    expect([status.code, status.output.split('\n').slice(1).join('\n')]).to.deep.equal([0, 'well  Cache\n      No schedules\n'])
  })

  describe('with a site', () => {
    const cache = createCache()
    let site: Served
    let url: string

    before(async () => {
      const app = express()
      app.use(smartCache({ cache }))
      app.get('/posts', cachePage({ ttl: '15m' }), (_req, res) => void res.send('posts'))
      app.get('/mine', cachePage({ ttl: '15m' }), (_req, res) => void res.cookie('a', 'b').send('mine'))
      app.get('/broken', (_req, res) => void res.status(500).send('no'))
      site = await serve(app)
      url = site.url
    })

    after(async () => {
      await site.close()
      await cache.close()
    })

    it('warms its pages, and explains them', async () => {
      const warmed = await folder.run(['warm', `${url}/posts`, `${url}/mine`])
      // Nobody looks at a bar.
      expect(warmed).to.deep.equal({ code: 0, output: '1 kept, 1 not kept\n', errors: '' })
      expect((await folder.run(['warm', `${url}/posts`])).output).to.equal('1 kept before\n')
      const broken = await folder.run(['warm', `${url}/broken`])
      expect([broken.code, broken.errors]).to.deep.equal([1, `${url}/broken: status 500\n`])
      expect((await folder.run(['explain', `${url}/posts`])).output).to.match(/^hit [^\n]*\n {2}It is kept, and fresh for another/)
      expect((await folder.run(['explain', `${url}/mine`])).output).to.match(/its response sets\s+a cookie/)
      expect((await folder.run(['explain', `${url}/nothing`])).output).to.include('no policy')
    })
  })

  it('completes commands and options in shells', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, output } = await folder.call(['completion', shell])
      expect(code).to.equal(0)
      for (const { name, options } of COMMANDS) for (const word of [name, ...Object.keys(options)]) expect(output, shell).to.include(word)
    }
  })
})
