import { expect } from 'chai'
import nunjucks from 'nunjucks'
import { ConfigError, createCache, memoryStore, nullStore, type AnyVisit, type Cache, type Store } from 'smart-cache'
import { nunjucksViews, type Render } from 'smart-cache/views'
import type { App, Policy, Visit } from '../pages/framework.js'
import { describePages } from '../pages/frameworks.js'

const TEMPLATE = "<p>{% hole 'whose' %}{% cache 'part' %}[{% hole 'whose' %}]{% endcache %}</p>"
const whoseOf = ({ headers }: AnyVisit) => String(headers['x-visitor'])

function rendering(cache: Cache): Render {
  class Templates extends nunjucks.Loader {
    getSource(path: string) {
      return { src: TEMPLATE, path, noCache: false }
    }
  }
  return nunjucksViews(cache, nunjucks, new nunjucks.Environment(new Templates()), { holes: { whose: whoseOf } })
}

describePages('A template with holes', framework => {
  async function started(mount: (app: App) => void, store?: Store) {
    let render: Render | undefined
    const site = await framework.site(
      (app, { cache }) => {
        render = rendering(cache)
        mount(app)
        app.handle(async (visit: Visit) => visit.send((await render?.('page')) ?? ''))
      },
      store === undefined ? {} : { store },
    )
    const ask = async (visitor: string, method = 'GET', more = {}) =>
      (await site.ask({ method, headers: { 'X-Visitor': visitor, ...more } })).text
    return { site, ask }
  }
  const under = (policy: Policy) => (app: App) => app.use(app.smartCache(), app.cachePage(policy))

  const unkept: Readonly<Record<string, (app: App) => void>> = {
    'is under no policy': app => app.use(app.smartCache()),
    'says no-store': app => app.use(app.smartCache(), app.cachePage({ ttl: '1h' }), app.neverCache()),
    'is not kept by its policy': app => app.use(app.smartCache(), app.cachePage({ ttl: '1h', unless: () => true })),
    'is only shadowed': under({ ttl: '1h', mode: 'shadow' }),
  }
  for (const [what, mount] of Object.entries(unkept)) {
    it(`has them filled on a page that ${what}`, async () => {
      const { site, ask } = await started(mount)
      for (const visitor of ['Ann', 'Bea']) expect(await ask(visitor)).to.equal(`<p>${visitor}[${visitor}]</p>`)
      expect([await ask('Cid', 'POST'), await ask('Cid', 'HEAD')]).to.deep.equal(['<p>Cid[Cid]</p>', ''])
      expect(site.errors).to.deep.equal([])
    })
  }

  it('has them filled where nothing is kept at all, and where the cache is closed', async () => {
    const { site, ask } = await started(under({ ttl: '1h' }), nullStore())
    for (const visitor of ['Ann', 'Bea']) expect(await ask(visitor)).to.equal(`<p>${visitor}[${visitor}]</p>`)
    await site.cache.close()
    for (const visitor of ['Ann', 'Bea']) expect(await ask(visitor)).to.equal(`<p>${visitor}[${visitor}]</p>`)
  })

  it('has them filled at once on a page that another process has kept', async () => {
    const store = memoryStore()
    const [one, two] = [await started(under({ ttl: '1h' }), store), await started(under({ ttl: '1h' }), store)]
    await one.ask('Ann', 'GET', { Host: 'shop.example' })
    expect(await two.ask('Bea', 'GET', { Host: 'shop.example' })).to.equal('<p>Bea[Bea]</p>')
    expect([one.site.runs, two.site.runs]).to.deep.equal([1, 0])
  })
})

describe('The holes of templates', () => {
  it('are refused at start if they cannot be', () => {
    const views = (holes: object) => () =>
      nunjucksViews(createCache(), nunjucks, new nunjucks.Environment(), { holes: holes as Record<string, never> })
    expect(views({ whose: () => 'of the first visitor' })).to.throw(ConfigError)
    expect(views({ whose: { fill: whoseOf, fallbak: '' } })).to.throw(ConfigError, 'fallback')
  })
})
