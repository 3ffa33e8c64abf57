import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ejs from 'ejs'
import handlebars from 'handlebars'
import nunjucks from 'nunjucks'
import pug from 'pug'
import { createCache } from 'smart-cache'
import { ejsViews, handlebarsViews, nunjucksViews, pugViews, type Render } from 'smart-cache/views'
import { posts, templates, type Kept } from './templates.js'

/** Renders the page once more. */
export type Draw = () => string | Promise<string>

/** How each engine renders the page by itself, and by `smart-cache/views`. */
export const engines: Readonly<Record<string, { alone(): Draw; views(kept: Kept): Promise<Draw> }>> = {
  ejs: {
    alone: () => drawing(ejs.compile(templates.ejs('nothing'))),
    views: kept => drawingOf('ejs', templates.ejs(kept), () => ejsViews(createCache(), ejs)),
  },
  pug: {
    alone: () => drawing(pug.compile(templates.pug('nothing'))),
    views: kept => drawingOf('pug', templates.pug(kept), () => pugViews(createCache(), pug)),
  },
  njk: {
    alone() {
      const template = new nunjucks.Template(templates.njk('nothing'), new nunjucks.Environment())
      return () => template.render({ posts })
    },
    views: kept =>
      drawingOf('njk', templates.njk(kept), folder => {
        const env = new nunjucks.Environment(new nunjucks.FileSystemLoader(folder))
        return nunjucksViews(createCache(), nunjucks, env)
      }),
  },
  hbs: {
    alone: () => drawing(handlebars.compile(templates.hbs('nothing'))),
    views: kept => drawingOf('hbs', templates.hbs(kept), () => handlebarsViews(createCache(), handlebars.create())),
  },
}

function drawing(template: (locals: object) => string): Draw {
  return () => template({ posts })
}

async function drawingOf(ending: string, text: string, views: (folder: string) => Render): Promise<Draw> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-views-'))
  try {
    writeFileSync(join(folder, `page.${ending}`), text)
    const render = views(folder)
    const path = ending === 'njk' ? 'page.njk' : join(folder, `page.${ending}`)
    const draw = () => render(path, { posts, cache: true })
    // It is compiled then, and needs its file no more.
    await draw()
    return draw
  } finally {
    rmSync(folder, { recursive: true })
  }
}
