import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import Koa from 'koa'
import type { Cache } from 'smart-cache'
import * as onExpress from 'smart-cache/express'
import * as onKoa from 'smart-cache/koa'
import type { ViewOptions } from 'smart-cache/views'
import request from 'supertest'
import type { Engine, TemplateName } from './engines.js'

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

/** A folder with these templates. */
export function written({ templates, ending }: { readonly templates: Readonly<Record<string, string>>; readonly ending: string }): string {
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
