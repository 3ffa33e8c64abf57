import { join } from 'node:path'
import ejs from 'ejs'
import type express from 'express'
import handlebars from 'handlebars'
import nunjucks from 'nunjucks'
import pug from 'pug'
import type { Cache } from 'smart-cache'
import { ejsViews, handlebarsViews, nunjucksViews, pugViews, type Render, type ViewOptions } from 'smart-cache/views'

export type TemplateName =
  | 'list'
  | 'greeting'
  | 'payload'
  | 'broken'
  | 'rejecting'
  | 'after'
  | 'holes'
  | 'holed'
  | 'outer'
  | 'inner'
  | 'stale'

/** The same templates in each engine. */
export interface Engine {
  readonly name: string
  readonly ending: string
  readonly templates: Readonly<Record<TemplateName, string>>
  /** What errors on the fourth line say. */
  readonly fourthLine: RegExp
  /** As the engine itself escapes. */
  escaped(text: string): string
  views(
    cache: Cache,
    folder: string,
    options: ViewOptions,
  ): { readonly render: Render; install(app: express.Express): void; fileOf(name: string): string }
}

const EJS: Engine = {
  name: 'EJS',
  ending: 'ejs',
  templates: {
    list: `<% cache 'list', { ttl: '1h', tags: ['posts'] } -%>
<ul><% for (const post of await posts()) { %><% cache 'row', { vary: [post.id], tags: ['post:' + post.id] } %><li><%= await titleOf(post.id) %></li><% endcache %><% } %></ul>
<%_ endcache -%>
`,
    stale: `<p><% cache 'stale', { ttl: '1m', grace: '1h' } %><%= await textOf() %><% endcache %>|<%= await textOf() %></p>`,
    greeting: `<p><% cache 'greeting', { vary: [user.id] } %>Hello <%= await nameOf(user.id) %><% endcache %></p>`,
    payload: `<p><% cache 'payload', { vary: [text] } %><%= text %>|<%- text %>|<%= await later() %><% endcache %>|<%= text %></p>`,
    broken: `<p>\n<% cache 'broken' %>\n  <b>\n  <%= fail() %>\n<% endcache %></p>`,
    rejecting: `<p>\n<% cache 'broken' %>\n  <b>\n  <%= await reject() %>\n<% endcache %></p>`,
    after: `<p>\n<% cache 'fine' %>fine<% endcache %>\n\n  <%= fail() %></p>`,
    holes: `<p><%- hole('visitor') %>|<% cache 'part' %><%= await nameOf(1) %><% endcache %></p><script nonce="<%- nonce() %>"></script>`,
    holed: `<% cache 'outer' %><%- hole('visitor') %>(<% cache 'part' %><%- hole('visitor') %><% endcache %>)<% endcache %>`,
    outer: `<% cache 'outer', { ttl: '1h' } %><b><%= await nameOf('outer') %></b><%- await include('inner') %><% endcache %>`,
    inner: `<% cache 'inner', { tags: ['inner'] } %><i><%= await nameOf('inner') %></i><% endcache %>`,
  },
  fourthLine: /\.ejs:4\n/,
  escaped: text => ejs.escapeXML(text),
  views(cache, folder, options) {
    const render = ejsViews(cache, ejs, options)
    return { render, install: app => app.engine('ejs', render), fileOf: name => join(folder, `${name}.ejs`) }
  },
}

const NUNJUCKS: Engine = {
  name: 'Nunjucks',
  ending: 'njk',
  templates: {
    list: `{% cache 'list', { ttl: '1h', tags: ['posts'] } -%}
<ul>{% for post in posts() | await %}{% cache 'row', { vary: [post.id], tags: ['post:' + post.id] } %}<li>{{ titleOf(post.id) | await }}</li>{% endcache %}{% endfor %}</ul>
{%- endcache %}
`,
    stale: `<p>{% cache 'stale', { ttl: '1m', grace: '1h' } %}{{ textOf() | await }}{% endcache %}|{{ textOf() | await }}</p>`,
    greeting: `<p>{% cache 'greeting', { vary: [user.id] } %}Hello {{ nameOf(user.id) | await }}{% endcache %}</p>`,
    payload: `<p>{% cache 'payload', { vary: [text] } %}{{ text }}|{{ text | safe }}|{{ later() | await }}{% endcache %}|{{ text }}</p>`,
    broken: `<p>\n{% cache 'broken' %}\n  <b>\n  {{ fail() }}\n{% endcache %}</p>`,
    rejecting: `<p>\n{% cache 'broken' %}\n  <b>\n  {{ reject() | await }}\n{% endcache %}</p>`,
    after: `<p>\n{% cache 'fine' %}fine{% endcache %}\n\n  {{ fail() }}</p>`,
    holes: `<p>{% hole 'visitor' %}|{% cache 'part' %}{{ nameOf(1) | await }}{% endcache %}</p><script nonce="{% nonce %}"></script>`,
    holed: `{% cache 'outer' %}{% hole 'visitor' %}({% cache 'part' %}{% hole 'visitor' %}{% endcache %}){% endcache %}`,
    outer: `{% cache 'outer', { ttl: '1h' } %}<b>{{ nameOf('outer') | await }}</b>{% include 'inner.njk' %}{% endcache %}`,
    inner: `{% cache 'inner', { tags: ['inner'] } %}<i>{{ nameOf('inner') | await }}</i>{% endcache %}`,
  },
  // Nunjucks counts lines from 0.
  fourthLine: /\.njk\)? \[Line 3, Column \d+\]/,
  escaped: text => nunjucks.renderString('{{ text }}', { text }),
  views(cache, folder, options) {
    const env = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder))
    const render = nunjucksViews(cache, nunjucks, env, options)
    return { render, install: app => env.express(app), fileOf: name => `${name}.njk` }
  },
}

const PUG: Engine = {
  name: 'Pug',
  ending: 'pug',
  templates: {
    list: `
+cache('list', { ttl: '1h', tags: ['posts'] })
  ul
    +await(list=posts())
      each post in list
        +cache('row', { vary: [post.id], tags: ['post:' + post.id] })
          +await(title=titleOf(post.id))
            li= title`,
    stale: `
p
  +cache('stale', { ttl: '1m', grace: '1h' })
    +await(text=textOf())
      = text
  | |
  +await(text=textOf())
    = text`,
    greeting: `
p
  +cache('greeting', { vary: [user.id] })
    | Hello #{''}
    +await(name=nameOf(user.id))
      = name`,
    payload: `
p
  +cache('payload', { vary: [text] })
    | #{text}|!{text}|
    +await(known=later())
      = known
  | |#{text}`,
    broken: `p\n  +cache('broken')\n    b\n    = fail()`,
    rejecting: `p\n  +cache('broken')\n    b\n    +await(text=reject())\n      = text`,
    after: `p\n  +cache('fine') fine\n\n  = fail()`,
    holes: `
p
  +await(ready=true)
    != hole('visitor')
  | |
  +cache('part')
    +await(name=nameOf(1))
      = name
script(nonce=nonce())`,
    holed: `+cache('outer')\n  != hole('visitor')\n  | (\n  +cache('part')\n    != hole('visitor')\n  | )`,
    outer: `
+cache('outer', { ttl: '1h' })
  +await(name=nameOf('outer'))
    b= name
  include inner`,
    inner: `
+cache('inner', { tags: ['inner'] })
  +await(name=nameOf('inner'))
    i= name`,
  },
  fourthLine: /\.pug:4\n/,
  escaped: text => pug.compile('= text')({ text }),
  views(cache, folder, options) {
    const render = pugViews(cache, pug, options)
    return { render, install: app => app.engine('pug', render), fileOf: name => join(folder, `${name}.pug`) }
  },
}

const HANDLEBARS: Engine = {
  name: 'Handlebars',
  ending: 'hbs',
  templates: {
    list: `{{#cache 'list' ttl='1h' tags='posts'}}
<ul>{{#await posts as |list|}}{{#each list as |post|}}{{#cache 'row' vary=post.id tags=(concat 'post:' post.id)}}<li>{{#await @root.titleOf post.id}}{{this}}{{/await}}</li>{{/cache}}{{/each}}{{/await}}</ul>
{{/cache}}
`,
    stale: `<p>{{#cache 'stale' ttl='1m' grace='1h'}}{{#await textOf}}{{this}}{{/await}}{{/cache}}|{{#await textOf}}{{this}}{{/await}}</p>`,
    greeting: `<p>{{#cache 'greeting' vary=user.id}}Hello {{#await nameOf user.id}}{{this}}{{/await}}{{/cache}}</p>`,
    payload: `<p>{{#cache 'payload' vary=text}}{{text}}|{{{text}}}|{{#await later as |known|}}{{known}}{{/await}}{{/cache}}|{{text}}</p>`,
    broken: `<p>\n{{#cache 'broken'}}\n  <b>\n  {{fail}}\n{{/cache}}</p>`,
    rejecting: `<p>\n{{#cache 'broken'}}\n  <b>\n  {{#await reject}}{{this}}{{/await}}\n{{/cache}}</p>`,
    after: `<p>\n{{#cache 'fine'}}fine{{/cache}}\n\n  {{fail}}</p>`,
    holes: `<p>{{#await true}}{{hole 'visitor'}}{{/await}}|{{#cache 'part'}}{{#await nameOf 1}}{{this}}{{/await}}{{/cache}}</p><script nonce="{{nonce}}"></script>`,
    holed: `{{#cache 'outer'}}{{hole 'visitor'}}({{#cache 'part'}}{{hole 'visitor'}}{{/cache}}){{/cache}}`,
    outer: `{{#cache 'outer' ttl='1h'}}<b>{{#await nameOf 'outer'}}{{this}}{{/await}}</b>{{> inner}}{{/cache}}`,
    inner: `{{#cache 'inner' tags='inner'}}<i>{{#await nameOf 'inner'}}{{this}}{{/await}}</i>{{/cache}}`,
  },
  fourthLine: /\.hbs:4\n/,
  escaped: text => handlebars.escapeExpression(text),
  views(cache, folder, options) {
    const own = handlebars.create()
    own.registerHelper('concat', (one: string, other: number) => one + other)
    own.registerPartial('inner', this.templates.inner)
    const render = handlebarsViews(cache, own, options)
    return { render, install: app => app.engine('hbs', render), fileOf: name => join(folder, `${name}.hbs`) }
  },
}

export const ENGINES: readonly Engine[] = [EJS, PUG, NUNJUCKS, HANDLEBARS]
