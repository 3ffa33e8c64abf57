import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import handlebars from 'handlebars'
import { ConfigError, createCache } from 'smart-cache'
import { handlebarsViews, type HandlebarsViewOptions } from 'smart-cache/views'
import { runs } from '../property.js'
import { closeSites, written } from './sites.js'

interface Options {
  readonly fn: (context: unknown, options: object) => string
  readonly data: object
}

describe('Views of Handlebars', () => {
  afterEach(closeSites)

  const environment = (partials: Readonly<Record<string, string>> = {}) => {
    const own = handlebars.create()
    own.registerPartial(partials)
    own.registerHelper('upper', (options: Options) => options.fn({}, options).toUpperCase())
    own.registerHelper('cut', (options: Options) => options.fn({}, options).slice(0, 20))
    own.registerHelper('drop', (options: Options) => options.fn({}, options).slice(0, 0))
    own.registerHelper('twice', function (this: unknown, options: Options) {
      return options.fn(this, options) + options.fn(this, { data: options.data })
    })
    return own
  }
  const views = (own: typeof handlebars, options?: HandlebarsViewOptions, cache = createCache()) => {
    const render = handlebarsViews(cache, own, options)
    return (page: string, locals: object = {}) => render(join(written({ ending: 'hbs', templates: { page } }), 'page.hbs'), locals)
  }
  /** As Handlebars itself renders blocks where they stand. */
  const rendering = (own: typeof handlebars, page: string, locals: object, options: CompileOptions = {}) => {
    const plain = handlebars.create()
    plain.registerHelper({ ...own.helpers, cache: fragment, await: awaited })
    plain.registerPartial(own.partials)
    return plain.compile(page, options)(locals)
  }
  function fragment(this: unknown, ...given: unknown[]) {
    const { fn, data } = given.at(-1) as Options
    return fn(this, { data })
  }
  function awaited(this: unknown, value: unknown, options: Options) {
    const known: unknown = typeof value === 'function' ? value.call(this) : value
    return options.fn(known, { data: options.data, blockParams: [known] })
  }

  const pages: Readonly<Record<string, string>> = {
    'the place in a loop': `{{#each items}}{{#cache 'a' vary=@index}}{{@index}} {{@key}} {{@first}} {{@last}} {{name}} {{../title}}{{/cache}}{{/each}}`,
    'the places in loops in loops': `{{#each items}}{{#each parts}}{{#cache 'a' vary=(lookup . 0)}}{{@index}}{{@../index}}{{@../first}}{{this}}{{/cache}};{{/each}}{{/each}}`,
    'the keys of an object': `{{#each ages}}{{#cache 'b' vary=@key}}{{@key}}={{this}} {{@root.title}}{{/cache}}{{/each}}`,
    'the parameters of a block': `{{#each items as |item at|}}{{#each item.parts as |part place|}}{{#cache 'c' vary=part}}{{item.name}}{{at}}{{part}}{{place}}{{/cache}}{{/each}}{{/each}}`,
    'contexts, in what is awaited too': `{{#with items.[0] as |first|}}{{#cache 'd'}}{{#await later as |known|}}{{known}} {{this}} {{first.name}} {{../name}} {{../../title}}{{/await}}{{/cache}}{{/with}}`,
    partials: `{{#each items as |item|}}{{#cache 'e' vary=item.name}}{{> row item at=@index}}{{> (lookup . 'partial') item}}{{/cache}}{{/each}}`,
    'partials with a block': `{{#> box title='A'}}{{#cache 'f' vary=title}}{{title}}{{/cache}}{{/box}}`,
    'inline partials': `{{#*inline 'part'}}<i>{{name}}</i>{{/inline}}{{#each items}}{{#*inline 'own'}}{{name}}!{{/inline}}{{#cache 'g' vary=name}}{{> part}}{{> own}}{{/cache}}{{/each}}`,
    layouts: `{{#> layout}}{{#*inline 'content'}}{{#each items}}{{#cache 'h' vary=name}}{{name}}{{/cache}}{{/each}}{{/inline}}{{/layout}}`,
    'blocks that stand alone on their lines': `
<ul>
  {{! a remark }}
  {{#each items}}
    {{#cache 'i' vary=name}}
      {{#if @first}}
        <li>
      {{else if @last}}
        <b>
      {{else}}
        <i>
      {{/if}}
        {{~ name ~}}
      </li>
      {{> row}}
    {{/cache}}
  {{/each}}
  {{~#cache 'j' ~}}
    x
  {{~/cache~}}
</ul>
{{{{raw}}}} {{x}} {{{{/raw}}}}\\{{escaped}}
{{^none}}nothing{{/none}} {{#title}}{{this}}{{/title}}`,
    'what a helper renders twice': `{{#twice}}{{#cache 'k'}}{{title}}{{/cache}}{{/twice}}`,
    nothing: `{{#cache 'l'}}{{/cache}}{{#each items}}{{#cache 'm' vary=name}}{{/cache}}{{/each}}`,
  }
  const LOCALS = {
    title: '<title>',
    items: [
      { name: 'a', partial: 'row', parts: ['1', '2'], later: () => 'x' },
      { name: '<b>', partial: 'other', parts: ['3'] },
      { name: 'c', partial: 'row', parts: [] },
    ],
    ages: { ann: 1, bob: 2 },
  }
  const PARTIALS = {
    row: `<p>{{at}}\n  {{name}}</p>\n`,
    other: `<q>{{#cache 'other' vary=name}}{{name}}{{/cache}}</q>`,
    box: `<div>{{#each items}}{{#cache 'box' vary=@index}}{{@index}}{{> @partial-block title=name}}{{/cache}}{{/each}}</div>`,
    layout: `<main>{{#cache 'layout'}}{{> content}}{{/cache}}</main>`,
  }
  for (const [what, page] of Object.entries(pages)) {
    it(`render ${what} as Handlebars does`, async () => {
      const own = environment(PARTIALS)
      own.registerHelper('raw', (options: Options) => options.fn({}, {}))
      for (const compile of [
        {},
        { compat: true },
        { preventIndent: true, ignoreStandalone: true },
        { knownHelpersOnly: false, strict: false },
      ]) {
        expect(await views(own, { compile })(page, LOCALS)).to.equal(rendering(own, page, LOCALS, compile))
      }
    })
  }

  it('render whatever stands beside and in blocks as Handlebars does, white space and all', () => {
    const own = environment(PARTIALS)
    const locals = { title: '<title>', items: [{ name: 'a' }, { name: '<b>' }] }
    const strip = fc.constantFrom('', '~')
    const { page } = fc.letrec<{ page: string; statement: string }>(tie => ({
      page: fc.array(tie('statement'), { maxLength: 5 }).map(statements => statements.join('')),
      statement: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('a', ' ', '\n', '  \n', '\r\n  ', '{{! b }}', '{{> row}}', '<b title="{{title}}">'),
        fc.tuple(strip, fc.constantFrom('name', '@index', '{title}'), strip).map(([open, name, close]) => `{{${open}${name}${close}}}`),
        fc
          .tuple(
            fc.constantFrom("cache 'a' vary=this", 'if name', 'each @root.items', 'with title', 'await this'),
            tie('page'),
            strip,
            strip,
            strip,
            strip,
          )
          .map(([tag, body, a, b, c, d]) => `{{${a}#${tag}${b}}}${body}{{${c}/${tag.split(' ')[0]}${d}}}`),
        fc
          .tuple(tie('page'), tie('page'), tie('page'), strip, strip)
          .map(([one, two, three, a, b]) => `{{#if none}}${one}{{${a}else if @first${b}}}${two}{{${b}else${a}}}${three}{{/if}}`),
      ),
    }))
    return fc.assert(
      fc.asyncProperty(page, async text => {
        // Blocks without what tells them apart would be kept for one another.
        let count = 0
        const told = text.replaceAll("cache 'a'", () => `cache 'a${count++}'`)
        expect(await views(own)(told, locals)).to.equal(rendering(own, told, locals))
      }),
      runs(60),
    )
  })

  it('keep what two visitors are shown at once apart', async () => {
    const page = `{{#*inline 'part'}}{{title}}{{/inline}}{{#await load as |known|}}{{known}}{{#cache 'a' vary=known}}{{> part title=known}}{{/cache}}{{@root.title}}{{/await}}`
    const render = handlebarsViews(createCache(), environment())
    const file = join(written({ ending: 'hbs', templates: { page } }), 'page.hbs')
    const visitors = Array.from({ length: 20 }, (_, at) => ({
      cache: true,
      title: `t${at}`,
      load: async () => (await Promise.resolve(), `k${at}`),
    }))
    const made = await Promise.all(visitors.map(locals => render(file, locals)))
    expect(made).to.deep.equal(visitors.map((_, at) => `k${at}k${at}t${at}`))
  })

  it('ask for all items of a list at once', async () => {
    const page = `{{#each ids}}{{#cache 'row' vary=this}}{{#await ../load this}}{{this}}{{/await}}{{/cache}}{{/each}}`
    let asked = 0
    let there = () => {}
    const all = new Promise<void>(resolve => (there = resolve))
    const load = async (id: number) => {
      if (++asked === 3) there()
      await all
      return id
    }
    expect(await views(environment())(page, { ids: [1, 2, 3], load })).to.equal('123')
  })

  it('take options from an object, with those of the tag before them', async () => {
    const cache = createCache()
    const render = views(environment(), {}, cache)
    let calls = 0
    const locals = { options: { tags: ['a'], vary: [1, [2]] }, count: () => ++calls }
    const page = `{{#cache 'a' options tags='b'}}{{count}}{{/cache}}`
    expect(await render(page, locals)).to.equal('1')
    await cache.invalidate('a')
    expect(await render(page, locals)).to.equal('1')
    expect(await render(page, { ...locals, options: { vary: [1, 2] } })).to.equal('2')
    await cache.invalidate('b')
    expect(await render(page, locals)).to.equal('3')
  })

  it('give a function what stands behind it, and take promises', async () => {
    const load = async (...given: unknown[]) => given.join()
    expect(
      await views(environment())(`{{#await load 1 'b'}}{{this}}{{/await}}{{#await given}}{{this}}{{/await}}`, { load, given: load(7) }),
    ).to.equal('1,b7')
  })

  it('leave locals called `hole` and `nonce` what they are', async () => {
    expect(
      await views(environment())(`{{nonce}} {{hole 'a'}} {{#if nonce}}{{/if}}`, { nonce: '<n>', hole: (name: string) => `h-${name}` }),
    ).to.equal('&lt;n&gt; h-a ')
  })

  it('take no text for a block, even one that has read where blocks will be', async () => {
    const own = environment()
    const marks: string[] = []
    own.registerHelper('spied', function (this: unknown, options: Options) {
      const html = options.fn(this, { data: options.data })
      marks.push(html)
      return html
    })
    const render = views(own)
    const page = `{{#spied}}{{#cache 'a'}}<b>{{/cache}}{{/spied}}|{{#await said}}{{this}}{{/await}}|{{#if other}}{{other}}{{/if}}`
    expect(await render(page, { said: async () => marks[0] })).to.equal(`<b>|${marks[0]}|`)
    expect(await render(page, { said: async () => marks.join('+'), other: marks[0] })).to.equal(`<b>|${marks.join('+')}|${marks[0]}`)
    for (const mark of marks) expect(mark).to.match(/^[\da-f]{38}$/)
  })

  it('refuse what a helper has done to a block', async () => {
    for (const helper of ['upper', 'cut', 'drop']) {
      const page = `{{#${helper}}}{{#cache 'a'}}b{{/cache}}{{/${helper}}}`
      const message = await views(environment())(page).catch((error: unknown) => String(error))
      expect(message).to.include('a helper has left one out, or has changed it')
    }
  })

  it('refuse what they cannot do, with the line', async () => {
    const own = environment()
    own.registerPartial('compiled', handlebars.compile(`{{#cache 'a'}}{{/cache}}`))
    const expected: Readonly<Record<string, RegExp>> = {
      [`\n{{#cache 'a'}}{{else}}{{/cache}}`]: /^SyntaxError: \S+page\.hbs:2\nExpected `cache` to have no `else`$/,
      [`\n{{#each (await load)}}{{/each}}`]: /page\.hbs:2\n\nExpected `await` to be a block/,
      [`\n{{cache 'a'}}`]: /page\.hbs:2\n\nExpected `cache` to be a block/,
      [`\n{{#cache 'a' 7}}{{/cache}}`]: /page\.hbs:2\n\nExpected `cache` to have a name and options.*got /,
      [`\n{{#await 7 8}}{{/await}}`]: /page\.hbs:2\n\nExpected `await` to have a promise, or a function/,
      [`\n{{#cache}}{{/cache}}`]: /page\.hbs:2\n\n/,
      [`\n{{> compiled}}`]: /page\.hbs:2\n\nExpected a partial with \{\{#cache\}\} to be registered as text/,
      [`\n{{> none}}`]: /page\.hbs:2\n\nThe partial none could not be found/,
      [`\n{{#if}}`]: /page\.hbs\nParse error on line 2/,
    }
    for (const [page, message] of Object.entries(expected)) {
      expect(await views(own)(page, { load: () => 1 }).catch((error: unknown) => String(error))).to.match(message)
    }
  })

  it('say once where an error has come up, however deep, and in which partial', async () => {
    const failing = {
      fail: () => {
        throw new Error('failure')
      },
      frozen: () => {
        throw Object.freeze(new Error('frozen'))
      },
    }
    const own = environment({ part: `\n{{#await 1}}\n  {{@root.fail}}\n{{/await}}` })
    const message = async (page: string) => String(await views(own)(page, failing).catch((error: unknown) => error))
    expect(await message(`{{#cache 'a'}}{{#await 1}}{{#cache 'b'}}{{> part}}{{/cache}}{{/await}}{{/cache}}`)).to.equal(
      'Error: partial part:3\n\nfailure',
    )
    expect(await message(`{{#if true}}\n{{/if}}{{fail}}`)).to.match(/page\.hbs:2\n\nfailure/)
    expect(await message(`{{> part}}`)).to.equal('Error: partial part:3\n\nfailure')
    expect(await message(`{{frozen}}`)).to.equal('Error: frozen')
  })

  it('refuse what is not theirs', () => {
    const cache = createCache()
    const own = environment()
    own.registerHelper('await', () => '')
    expect(() => handlebarsViews({} as never, handlebars)).to.throw(ConfigError, 'createCache()')
    expect(() => handlebarsViews(cache, {} as never)).to.throw(ConfigError, '`handlebars`')
    expect(() => handlebarsViews(cache, own)).to.throw(ConfigError, 'no helper called await')
    expect(() => handlebarsViews(cache, handlebars, { hole: {} } as never)).to.throw(ConfigError, 'holes')
  })
})
