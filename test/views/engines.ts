import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ejs from 'ejs'
import express from 'express'
import Koa from 'koa'
import nunjucks from 'nunjucks'
import type { Cache } from 'smart-cache'
import * as onExpress from 'smart-cache/express'
import * as onKoa from 'smart-cache/koa'
import { ejsViews, nunjucksViews, type Render, type ViewOptions } from 'smart-cache/views'
import request from 'supertest'

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
    payload: `<p><% cache 'payload', { vary: [text] } %><%= text %>|<%- text %><% endcache %>|<%= text %></p>`,
    broken: `<p>\n<% cache 'broken' %>\n  <b>\n  <%= fail() %>\n<% endcache %></p>`,
    rejecting: `<p>\n<% cache 'broken' %>\n  <b>\n  <%= await reject() %>\n<% endcache %></p>`,
    after: `<p>\n<% cache 'fine' %>fine<% endcache %>\n\n  <%= fail() %></p>`,
    holes: `<p><%- hole('visitor') %>|<% cache 'part' %><%= await nameOf(1) %><% endcache %></p><script nonce="<%- nonce() %>"></script>`,
    holed: `<% cache 'part' %><%- hole('visitor') %><% endcache %>`,
    outer: `<% cache 'outer', { ttl: '1h' } %><b><%= await nameOf('outer') %></b><%- await include('inner') %><% endcache %>`,
    inner: `<% cache 'inner', { tags: ['inner'] } %><i><%= await nameOf('inner') %></i><% endcache %>`,
  },
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
    payload: `<p>{% cache 'payload', { vary: [text] } %}{{ text }}|{{ text | safe }}{% endcache %}|{{ text }}</p>`,
    broken: `<p>\n{% cache 'broken' %}\n  <b>\n  {{ fail() }}\n{% endcache %}</p>`,
    rejecting: `<p>\n{% cache 'broken' %}\n  <b>\n  {{ reject() | await }}\n{% endcache %}</p>`,
    after: `<p>\n{% cache 'fine' %}fine{% endcache %}\n\n  {{ fail() }}</p>`,
    holes: `<p>{% hole 'visitor' %}|{% cache 'part' %}{{ nameOf(1) | await }}{% endcache %}</p><script nonce="{% nonce %}"></script>`,
    holed: `{% cache 'part' %}{% hole 'visitor' %}{% endcache %}`,
    outer: `{% cache 'outer', { ttl: '1h' } %}<b>{{ nameOf('outer') | await }}</b>{% include 'inner.njk' %}{% endcache %}`,
    inner: `{% cache 'inner', { tags: ['inner'] } %}<i>{{ nameOf('inner') | await }}</i>{% endcache %}`,
  },
  views(cache, folder, options) {
    const env = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder))
    const render = nunjucksViews(cache, nunjucks, env, options)
    return { render, install: app => env.express(app), fileOf: name => `${name}.njk` }
  },
}

export const ENGINES: readonly Engine[] = [EJS, NUNJUCKS]

export interface Site {
  /** What a visitor gets for a template, or the message of the error. */
  get(name: TemplateName, locals: object): Promise<string>
}

export interface Framework {
  readonly name: string
  serve(engine: Engine, cache: Cache, options?: ViewOptions): Site
}

const folders: string[] = []

/** Removes what tests have written. */
export function closeSites(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
}

function written({ templates, ending }: Engine): string {
  const folder = mkdtempSync(join(tmpdir(), 'views-'))
  folders.push(folder)
  for (const [name, text] of Object.entries(templates)) writeFileSync(join(folder, `${name}.${ending}`), text)
  return folder
}

async function bodyOf(server: Parameters<typeof request>[0], name: string): Promise<string> {
  const { text } = await request(server).get(`/${name}`)
  return text
}

const EXPRESS: Framework = {
  name: 'Express',
  serve(engine, cache, options = {}) {
    const folder = written(engine)
    const app = express()
    let locals = {}
    app.set('views', folder)
    app.set('view engine', engine.ending)
    engine.views(cache, folder, options).install(app)
    app.use(onExpress.smartCache({ cache }))
    const page: express.RequestHandler = (req, res) => res.render(String(req.params['name']), locals)
    app.get('/page/:name', onExpress.cachePage({ ttl: '1h' }), page)
    app.get('/:name', page)
    const failed: express.ErrorRequestHandler = (error: Error, _req, res, _next) => void res.status(500).send(error.message)
    app.use(failed)
    return { get: (name, given) => ((locals = given), bodyOf(app, name.startsWith('hole') ? `page/${name}` : name)) }
  },
}

const KOA: Framework = {
  name: 'Koa',
  serve(engine, cache, options = {}) {
    const folder = written(engine)
    const { render, fileOf } = engine.views(cache, folder, options)
    const app = new Koa()
    let locals = {}
    app.use(async (ctx, next) => {
      try {
        await next()
      } catch (error) {
        ctx.status = 500
        ctx.body = (error as Error).message
      }
    })
    app.use(onKoa.smartCache({ cache }))
    const page = onKoa.cachePage({ ttl: '1h' })
    const answer = async (ctx: Koa.Context) => void (ctx.body = await render(fileOf(ctx.path.replace(/^.*\//, '')), locals))
    app.use((ctx, next) => (ctx.path.startsWith('/page/') ? page(ctx, next) : next()))
    app.use(answer)
    const listener = app.callback()
    return { get: (name, given) => ((locals = given), bodyOf(listener, name.startsWith('hole') ? `page/${name}` : name)) }
  },
}

export const FRAMEWORKS: readonly Framework[] = [EXPRESS, KOA]
