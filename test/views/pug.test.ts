import { join } from 'node:path'
import { expect } from 'chai'
import pug from 'pug'
import { ConfigError, createCache } from 'smart-cache'
import { pugViews, type PugViewOptions } from 'smart-cache/views'
import { closeSites, written } from './sites.js'

describe('Views of Pug', () => {
  afterEach(closeSites)

  const rendered = (page: string, locals: object = {}, options: PugViewOptions = {}, cache = createCache()) => {
    const folder = written({ ending: 'pug', templates: { page } })
    return pugViews(cache, pug, options)(join(folder, 'page.pug'), locals)
  }
  /** As Pug itself renders blocks where they stand. */
  const rendering = (page: string, locals: object = {}, options: pug.Options = {}) =>
    pug.compile(`mixin cache(name, options)\n  block\n${page}`, options)(locals)
  const refusal = async (page: string) => String(await rendered(page).catch((error: unknown) => error)).replace(/ .*\/(?=page)/, ' ')

  const changing: Readonly<Record<string, string>> = {
    'the item and the place of a loop': `
ul
  each item, place in items
    +cache('row', { vary: [place] })
      li(data-place=place class=item.kind)= item.name`,
    'the keys of an object': `
each value, key in { a: 1, b: 2 }
  +cache('row', { vary: [key] })
    b= key + value`,
    'loops in loops': `
each item in items
  each letter, at in item.name
    +cache('row', { vary: [item.name, at] })
      each other in items
        +cache('cell', { vary: [item.name, at, other.name] })
          i #{item.name} #{letter} #{other.name}`,
    'loops over what is iterable': `
each [key, value] of new Map([['a', 1], ['b', 2]])
  +cache('row', { vary: [key] })
    b= key + value`,
    'what code counts': `
- var count = 0
each item in items
  - count += 10
  +cache('row', { vary: [count] })
    b= count
- count = 99
while count < 101
  +cache('row', { vary: [count] })
    i= count
  - count++`,
    'a loop in code': `
- for (var at = 0; at < 3; at++)
  +cache('row', { vary: [at] })
    b(title=\`\${at}\`)&attributes({ id: at })= items[at] && items[at].name`,
    'a local that is assigned': `
+cache('a', { vary: [title] })
  b= title
- title = 'other'
+cache('a', { vary: [title] })
  b= title
  case title
    when 'other': i= title
    default
      if title === 'x'
        i x
      else
        i y`,
    'the parameters of a mixin': `
mixin row(item, ...rest)
  - item = item.name + rest.length
  +cache('row', { vary: [item] })
    b(class=attributes.class)= item
each item in items
  +row(item, 1, 2)(class='c')`,
    'names in text, in calls and in tags that are made': `
mixin cell(text)
  td= text
each item in items
  +cache('row', { vary: [item] })
    | #{item.name} !{item.name} #[b= item.kind]
    #{item.kind} text
    +cell(item.name)
    +#{'cell'}(item.kind)`,
  }
  for (const [what, page] of Object.entries(changing)) {
    it(`bind ${what} as they are where a block stands`, async () => {
      const locals = {
        title: 'title',
        items: [
          { name: 'ab', kind: 'p' },
          { name: '<c>', kind: 'q' },
        ],
      }
      for (const options of [{}, { compileDebug: false }, { doctype: 'xml' }]) {
        const html = await rendered(page, { ...locals }, { compile: options })
        expect(html).to.equal(rendering(page, { ...locals }, options))
      }
    })
  }

  it('have locals in `self` if they are told so, in blocks too', async () => {
    const page = `each item in self.items\n  +cache('row', { vary: [item] })\n    b= item\n    | 'text' #{self.title}`
    const locals = { items: [1, 2], title: 'title' }
    expect(await rendered(page, locals, { compile: { self: true } })).to.equal(rendering(page, locals, { self: true }))
  })

  it('wait for several values at once', async () => {
    const page = `+await(one=load('one'), two=load('two'))\n  b= one + two`
    const asked: string[] = []
    let there = () => {}
    const both = new Promise<void>(resolve => (there = resolve))
    const load = async (name: string) => {
      if (asked.push(name) === 2) there()
      await both
      return name
    }
    expect(await rendered(page, { load })).to.equal('<b>onetwo</b>')
  })

  it('ask for all items of a list at once', async () => {
    const page = `each id in [1, 2, 3]\n  +cache('row', { vary: [id] })\n    +await(text=load(id))\n      b= text`
    let asked = 0
    let there = () => {}
    const all = new Promise<void>(resolve => (there = resolve))
    const load = async (id: number) => {
      if (++asked === 3) there()
      await all
      return id
    }
    expect(await rendered(page, { load })).to.equal('<b>1</b><b>2</b><b>3</b>')
  })

  it('render again when a mixin or a part of theirs has another text', async () => {
    const cache = createCache()
    const render = pugViews(cache, pug)
    const versions = [
      { page: `mixin cell\n  b one\n+cache('a')\n  +cell\n  include part`, part: 'i one' },
      { page: `mixin cell\n  b two\n+cache('a')\n  +cell\n  include part`, part: 'i one' },
      { page: `mixin cell\n  b two\n+cache('a')\n  +cell\n  include part`, part: 'i two' },
      { page: `//- moved down\n\nmixin cell\n  b two\n+cache('a')\n  +cell\n  include part`, part: 'i two' },
    ]
    const made = []
    for (const templates of versions) {
      made.push(await render(join(written({ ending: 'pug', templates }), 'page.pug')))
    }
    expect(made).to.deep.equal(['<b>one</b><i>one</i>', '<b>two</b><i>one</i>', '<b>two</b><i>two</i>', '<b>two</b><i>two</i>'])
  })

  it('leave a mixin called `cache` to the template that has one, and plugins to who brings them', async () => {
    expect(await rendered(`mixin cache\n  b\n    block\n+cache text`)).to.equal('<b>text</b>')
    const plugins = [{ preLex: (text: string) => text.replace('one', 'two') }]
    expect(await rendered(`+cache('a') one`, {}, { compile: { plugins } })).to.equal('two')
  })

  it('refuse what they cannot do, with the line', async () => {
    const expected: Readonly<Record<string, string>> = {
      [`p\n+cache('a')`]: 'SyntaxError: page.pug:2\nExpected `+cache` to have a block',
      [`p\n+cache('a')(b=1) c`]: 'SyntaxError: page.pug:2\nExpected `+cache` to have a name and options, and no attributes',
      [`+cache('a')&attributes(b) c`]: 'SyntaxError: page.pug:1\nExpected `+cache` to have no `&attributes`',
      [`+await(load()) c`]: 'SyntaxError: page.pug:1\nExpected `+await` to name its values, as in `+await(name=value)`',
      [`+await(load) c`]: 'SyntaxError: page.pug:1\nExpected `+await` to name its values, as in `+await(name=value)`',
      [`+await(class=1) c`]: 'SyntaxError: page.pug:1\nExpected a name of `+await` to be that of a variable, got `class`',
      [`mixin m\n  +cache('a')\n    p\n      block\n+m b`]:
        "SyntaxError: page.pug:2\nExpected `+cache` not to have the `block` of a mixin in it, which is its caller's: put it around the call",
    }
    for (const [page, message] of Object.entries(expected)) expect(await refusal(page)).to.equal(message)
  })

  it('say once where an error has come up, however deep', async () => {
    const page = `p\n+cache('a')\n  +await(one=1)\n    +cache('b')\n      +await(two=fail())\n        = two`
    const fail = async () => {
      throw new Error('failure')
    }
    const message = String(await rendered(page, { fail }).catch((error: unknown) => error))
    expect(message.match(/page\.pug:\d+/g)).to.deep.equal(['page.pug:5'])
    expect(message).to.include('  > 5|       +await(two=fail())').and.to.include('\n\nfailure')
  })

  it('refuse what is not theirs', () => {
    const cache = createCache()
    expect(() => pugViews({} as never, pug)).to.throw(ConfigError, 'createCache()')
    expect(() => pugViews(cache, {} as never)).to.throw(ConfigError, '`pug`')
    expect(() => pugViews(cache, pug, { hole: {} } as never)).to.throw(ConfigError, 'holes')
  })
})
