import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import ejs from 'ejs'
import nunjucks from 'nunjucks'
import { ConfigError, createCache } from 'smart-cache'
import { fakeClock } from 'smart-cache/testing'
import { ejsViews, nunjucksViews } from 'smart-cache/views'
import { ROOT } from '../source-text.js'
import { ENGINES, type TemplateName } from './engines.js'
import { closeSites, FRAMEWORKS } from './sites.js'

const PAYLOADS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '&lt;b&gt;',
  '&amp;amp;',
  "' onmouseover='a()",
  '<%= 7 * 7 %>',
  '<%- text %>',
  '{{ 7 * 7 }}',
  '{% raw %}',
  '{% endcache %}',
  '<% endcache %>',
  '</p></script>',
  '<!--',
  ']]>',
  '$& $1 $` $$',
  '\\u003cb\\u003e',
  '<svg/onload=alert(1)>',
  '`${7 * 7}`',
  '\u2028<b>\u0000',
  'Ünï<b>çødé 😀',
]

for (const framework of FRAMEWORKS) {
  for (const engine of ENGINES) {
    describe(`Views of ${engine.name} on ${framework.name}`, () => {
      afterEach(closeSites)

      const counted = () => {
        const calls: string[] = []
        const titles = new Map([1, 2, 3].map(id => [id, `Post ${id}`]))
        const locals = {
          posts: async () => (calls.push('posts'), [...titles.keys()].map(id => ({ id }))),
          titleOf: async (id: number) => (calls.push(`title ${id}`), titles.get(id)),
        }
        return { locals, titles, called: () => calls.splice(0) }
      }
      const squeezed = (html: string) => html.replaceAll(/\s*\n\s*/g, '')
      const serve = () => {
        const cache = createCache()
        return { cache, site: framework.serve(engine, cache) }
      }

      it('run neither a block nor what it asks for on a hit', async () => {
        const { site } = serve()
        const { locals, called } = counted()
        const html = await site.get('list', locals)
        expect(squeezed(html)).to.equal('<ul><li>Post 1</li><li>Post 2</li><li>Post 3</li></ul>')
        expect(called().toSorted()).to.deep.equal(['posts', 'title 1', 'title 2', 'title 3'])
        expect(await site.get('list', locals)).to.equal(html)
        expect(called()).to.deep.equal([])
      })

      it('render again the one item of a list that has changed, and what is around it, of siblings that are kept', async () => {
        const { cache, site } = serve()
        const { locals, titles, called } = counted()
        await site.get('list', locals)
        called()
        titles.set(2, 'News')
        await cache.invalidate('post:2')
        expect(squeezed(await site.get('list', locals))).to.equal('<ul><li>Post 1</li><li>News</li><li>Post 3</li></ul>')
        expect(called()).to.deep.equal(['posts', 'title 2'])
      })

      it('render what is around, of parts that are kept, if that alone was purged', async () => {
        const { cache, site } = serve()
        const { locals, called } = counted()
        await site.get('list', locals)
        called()
        await cache.invalidate({ fragment: 'list' })
        await site.get('list', locals)
        expect(called()).to.deep.equal(['posts'])
      })

      for (const cached of [false, true]) {
        it(`have blocks in what they include, compiled ${cached ? 'once' : 'each time'}`, async () => {
          const { cache, site } = serve()
          const calls: string[] = []
          const locals = { cache: cached, nameOf: async (name: string) => (calls.push(name), `${name} ${calls.length}`) }
          expect(await site.get('outer', locals)).to.equal('<b>outer 1</b><i>inner 2</i>')
          await cache.invalidate({ fragment: 'outer' })
          expect(await site.get('outer', locals)).to.equal('<b>outer 3</b><i>inner 2</i>')
          await cache.invalidate('inner')
          expect(await site.get('outer', locals)).to.equal('<b>outer 4</b><i>inner 5</i>')
          expect(await site.get('outer', locals)).to.equal('<b>outer 4</b><i>inner 5</i>')
        })
      }

      it('serve a stale block while it is rendered behind, into nobody else’s output', async () => {
        const clock = fakeClock()
        const cache = createCache({ clock })
        const site = framework.serve(engine, cache)
        let text = 'one'
        const locals = { textOf: async () => text }
        expect(await site.get('stale', locals)).to.equal('<p>one|one</p>')
        text = 'two'
        clock.advance('2m')
        expect(await site.get('stale', locals)).to.equal('<p>one|two</p>')
        expect(await site.get('stale', locals)).to.equal('<p>two|two</p>')
      })

      it('give each user his own', async () => {
        const { site } = serve()
        let calls = 0
        const greet = (id: number) => site.get('greeting', { user: { id }, nameOf: async () => (calls++, `user ${id}`) })
        for (let round = 0; round < 2; round++) {
          expect(await greet(1)).to.equal('<p>Hello user 1</p>')
          expect(await greet(2)).to.equal('<p>Hello user 2</p>')
        }
        expect(calls).to.equal(2)
      })

      it('never turn escaped text into markup, and never escape twice, on a miss or a hit', async () => {
        const { site } = serve()
        for (const text of PAYLOADS) {
          const escaped = engine.escaped(text)
          const expected = `<p>${escaped}|${text}|${escaped}|${escaped}</p>`
          const locals = { text, later: async () => text }
          expect([await site.get('payload', locals), await site.get('payload', locals)]).to.deep.equal([expected, expected])
        }
      })

      const errors: readonly (readonly [string, TemplateName])[] = [
        ['thrown in a block', 'broken'],
        ['with which a promise in a block rejects', 'rejecting'],
        ['thrown behind a block', 'after'],
      ]
      for (const [what, name] of errors) {
        it(`say file and line of an error ${what}, and keep nothing of it`, async () => {
          const { site } = serve()
          let failures = 0
          const fail = () => {
            throw new Error(`failure ${++failures}`)
          }
          const locals = { fail, reject: async () => fail() }
          for (const failure of ['failure 1', 'failure 2']) {
            const message = await site.get(name, locals)
            expect(message).to.include(`${name}.${engine.ending}`)
            expect(message).to.include(failure)
            expect(message).to.match(engine.fourthLine)
          }
        })
      }

      it('have holes and a nonce, which each visitor has filled for himself, in a page that is kept', async () => {
        const cache = createCache()
        let visitors = 0
        const site = framework.serve(engine, cache, { holes: { visitor: { fill: (_visit: unknown) => `visitor ${++visitors}` } } })
        let calls = 0
        const locals = { nameOf: async () => `name ${++calls}` }
        const [one, two] = [await site.get('holes', locals), await site.get('holes', locals)]
        expect(one).to.include('<p>visitor 1|name 1</p>')
        expect(two).to.include('<p>visitor 2|name 1</p>')
        expect(nonceOf(one)).to.have.length.above(10)
        expect(nonceOf(one)).to.not.equal(nonceOf(two))
      })

      it('have holes in blocks in blocks, and refuse one that nobody has named', async () => {
        const cache = createCache()
        let visitors = 0
        const named = framework.serve(engine, cache, { holes: { visitor: (_visit: unknown) => `visitor ${++visitors}` } })
        const [one, two] = [await named.get('holed', {}), await named.get('holed', {})]
        expect([one, two]).to.deep.equal(['visitor 1(visitor 1)', 'visitor 2(visitor 2)'])
        expect(await framework.serve(engine, cache).get('holes', {})).to.match(/Expected a hole of .*holes.*, got .*visitor/)
      })
    })
  }
}

const nonceOf = (html: string) => /nonce="([^"]*)"/.exec(html)?.[1]

describe('Views', () => {
  afterEach(closeSites)

  it('render again what another text of a template has rendered', async () => {
    const cache = createCache()
    for (const engine of ENGINES) {
      const edited = { ...engine, templates: { ...engine.templates, greeting: engine.templates.greeting.replace('Hello', 'Bye') } }
      const locals = { user: { id: engine.name }, nameOf: async () => 'Ann' }
      for (const framework of FRAMEWORKS) {
        expect(await framework.serve(engine, cache).get('greeting', locals)).to.equal('<p>Hello Ann</p>')
        expect(await framework.serve(edited, cache).get('greeting', locals)).to.equal('<p>Bye Ann</p>')
      }
    }
  })

  it('render what the page on fragments shows', async () => {
    const paper = readFileSync(join(ROOT, 'docs/fragments.md'), 'utf8')
    for (const engine of ENGINES) {
      const shownThere = new RegExp('```' + engine.ending + '\\n(.*?)```', 's').exec(paper)?.[1] ?? ''
      let calls = 0
      const posts = async () => [{ id: ++calls, title: '<b>' }]
      for (const framework of FRAMEWORKS) {
        const site = framework.serve({ ...engine, templates: { ...engine.templates, list: shownThere } }, createCache())
        for (let round = 0; round < 2; round++) expect(await site.get('list', { posts })).to.include('<li>&lt;b&gt;</li>')
      }
      expect(calls).to.equal(2)
    }
  })

  it('of EJS say where a tag has no other', async () => {
    const texts: readonly (readonly [string, string])[] = [
      ["<p>\n<% cache 'a' %>", ':2\n`cache` without `endcache`'],
      ['<p>\n\n<% endcache %>', ':3\n`endcache` without `cache`'],
    ]
    for (const [text, message] of texts) {
      const render = ejsViews(createCache(), { compile: ejs.compile, fileLoader: () => text })
      expect(await render('a.ejs').catch((error: unknown) => String(error))).to.equal(`SyntaxError: a.ejs${message}`)
    }
  })

  it('of EJS leave alone what only looks like a tag of theirs', async () => {
    const text = "<%% cache 'a' %><%# cache 'a' %><% const cache = { size: 7 }; cache .size %><%= cache.size %>"
    const render = ejsViews(createCache(), { compile: ejs.compile, fileLoader: () => text })
    expect(await render('a.ejs')).to.equal("<% cache 'a' %>7")
  })

  it('refuse what is not theirs', () => {
    const cache = createCache()
    const env = new nunjucks.Environment()
    expect(() => ejsViews({} as never, ejs)).to.throw(ConfigError, 'createCache()')
    expect(() => ejsViews(cache, {} as never)).to.throw(ConfigError, '`ejs`')
    expect(() => ejsViews(cache, ejs, { compile: { delimiter: '?' } })).to.throw(ConfigError, 'delimiters')
    expect(() => ejsViews(cache, ejs, { hole: {} } as never)).to.throw(ConfigError, 'holes')
    expect(() => nunjucksViews(cache, env as never, env)).to.throw(ConfigError, '`nunjucks`')
    expect(() => nunjucksViews(cache, nunjucks, {} as never)).to.throw(ConfigError, '`env`')
  })
})
