import { expect } from 'chai'
import Koa from 'koa'
import { smartCache } from 'smart-cache/koa'
import { describePages } from '../pages/frameworks.js'
import type { Step } from '../pages/framework.js'
import { closeSites, Site } from '../pages/site.js'
import { hook } from './replying.js'
import { visitorOf } from './visitor.js'

const own: Step = visit => visit.send(`the page of ${visitorOf(visit)}`)

async function expectAlone(site: Site): Promise<void> {
  for (const visitor of ['ann', 'bob']) {
    const { text } = await site.ask({ headers: { 'X-Visitor': visitor } })
    expect(text).to.equal(`the page of ${visitor}`)
  }
}

describePages('A page is its visitor’s alone', framework => {
  it('when its cookie is appended to those of middleware outside', async () => {
    const site = await framework.site(app => {
      app.use(app.step(visit => visit.response.setHeader('Set-Cookie', ['outside=1'])))
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
      app.handle(visit => {
        visit.response.appendHeader('Set-Cookie', `session=${visitorOf(visit)}`)
        return own(visit)
      })
    })
    await expectAlone(site)
  })

  it('when a field that middleware outside set as a list has a value more', async () => {
    const site = await framework.site(app => {
      app.use(app.step(visit => visit.response.setHeader('X-List', ['outside'])))
      app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
      app.handle(visit => {
        visit.response.appendHeader('X-List', 'own')
        visit.send('hello')
      })
    })
    const fields = async () => (await site.ask()).fields.filter(([name]) => name === 'X-List')
    const miss = await fields()
    expect(await fields()).to.deep.equal(miss)
  })

  for (const [name, value] of [
    ['Set-Cookie', 'session=1'],
    ['Cache-Control', 'private'],
    ['Vary', '*'],
  ] as const) {
    it(`when a hook inside sets ${name} while the head is written`, async () => {
      const site = await framework.site(app => {
        app.use(app.smartCache({ pages: { ttl: '1m' } }))
        app.use(app.step(visit => hook(visit.response, () => visit.response.setHeader(name, value))))
        app.handle(own)
      })
      await expectAlone(site)
      const { headers } = await site.ask({ headers: { 'X-Visitor': 'cid' } })
      expect(headers[name.toLowerCase()]).to.deep.equal(name === 'Set-Cookie' ? [value] : value)
    })

    it(`when a hook inside sets ${name} and the visitor has the page already`, async () => {
      const site = await framework.site(app => {
        app.use(app.smartCache({ pages: { ttl: '1m' } }))
        app.use(app.step(visit => hook(visit.response, () => visit.response.setHeader(name, value))))
        app.handle(visit => visit.set('ETag', '"1"').send(`the page of ${visitorOf(visit)}`))
      })
      for (const visitor of ['ann', 'bob']) {
        const reply = await site.ask({ headers: { 'X-Visitor': visitor, 'If-None-Match': '"1"' } })
        if (reply.status === 200) expect(reply.text).to.equal(`the page of ${visitor}`)
        expect(reply.headers[name.toLowerCase()]).to.deep.equal(name === 'Set-Cookie' ? [value] : value)
      }
      expect(site.runs).to.equal(2)
    })
  }

  it('and a hook inside that varies it makes each variant a page of its own', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache({ pages: { ttl: '1m' } }))
      app.use(app.step(visit => hook(visit.response, () => visit.response.setHeader('Vary', 'X-Visitor'))))
      app.handle(own)
    })
    await expectAlone(site)
    await expectAlone(site)
  })

  for (const [name, value] of [
    ['Cache-Control', 'private'],
    ['Cache-Control', 'No-Store'],
    ['Set-Cookie', 'session=1'],
  ] as const) {
    it(`when a hook outside sets ${name}: ${value}`, async () => {
      const site = await framework.site(app => {
        app.use(app.step(visit => hook(visit.response, () => visit.response.setHeader(name, value))))
        app.use(app.smartCache({ pages: { ttl: '1m' } }))
        app.handle(own)
      })
      await expectAlone(site)
    })
  }

  for (const field of ['"X-Visitor"', 'X-Visitor; q=1', 'X-Visitor Accept', 'Accept, (X-Visitor)', '"*"', 'X-Visitor:']) {
    it(`when nobody can read what it varies on: ${field}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => own(visit.set('Vary', field)))
      await expectAlone(site)
    })
  }

  for (const field of ['max-age=600, max-age=0', 'max-age=0, max-age=600', 's-maxage=60, s-maxage=0', 'max-age="60", max-age=x']) {
    it(`when it contradicts itself: ${field}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => own(visit.set('Cache-Control', field)))
      await expectAlone(site)
    })
  }

  it('when a quoted string goes on from one line of Cache-Control to the next', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => own(visit.set('Cache-Control', ['x="a', 'private', 'b"'])))
    await expectAlone(site)
  })
})

describe('A Koa page is its visitor’s alone', () => {
  afterEach(closeSites)

  for (const field of ['private', 'no-store', 'max-age=0']) {
    it(`when middleware outside says so after it: ${field}`, async () => {
      const site = new Site()
      const app = new Koa()
      app.use(async (context, next) => {
        await next()
        context.set('Cache-Control', field)
      })
      app.use(smartCache({ cache: site.cache, pages: { ttl: '1m' } }))
      app.use(context => {
        context.body = `the page of ${context.get('X-Visitor')}`
      })
      await site.listen(app.callback())
      await expectAlone(site)
    })
  }

  it('as middleware outside makes it, though a hook inside waits for the head', async () => {
    const site = new Site()
    const app = new Koa()
    app.use(async (context, next) => {
      await next()
      const visitor = context.get('X-Visitor')
      if (visitor !== 'bob') context.set('X-Name', visitor)
      context.body = `${String(context.body)} for ${visitor}`
    })
    app.use(smartCache({ cache: site.cache, pages: { ttl: '1m' } }))
    app.use(async (context, next) => {
      hook(context.res, () => context.res.setHeader('X-Took', '1'))
      await next()
    })
    app.use(context => {
      context.body = 'a page'
    })
    await site.listen(app.callback())
    for (const visitor of ['ann', 'bob', 'cid']) {
      const { text, headers } = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect(text).to.equal(`a page for ${visitor}`)
      expect(headers['x-name']).to.equal(visitor === 'bob' ? undefined : visitor)
    }
  })

  it('when it has written to a session that middleware outside keeps in a cookie', async () => {
    const site = new Site()
    const app = new Koa()
    app.use(async (context, next) => {
      const session: { visitor?: string } = {}
      context.state['session'] = session
      await next()
      if (session.visitor !== undefined) context.cookies.set('session', session.visitor)
    })
    app.use(smartCache({ cache: site.cache, pages: { ttl: '1m' } }))
    app.use(context => {
      const visitor = context.get('X-Visitor')
      Object.assign(context.state['session'] as object, { visitor })
      context.body = `the page of ${visitor}`
    })
    await site.listen(app.callback())
    for (const visitor of ['ann', 'bob']) {
      const { text, headers } = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect([text, headers['set-cookie']]).to.deep.equal([`the page of ${visitor}`, [`session=${visitor}; path=/; httponly`]])
    }
  })

  it('but kept, when middleware outside says something else of each answer', async () => {
    const site = new Site()
    const app = new Koa()
    app.use(async (context, next) => {
      await next()
      context.vary('Accept-Encoding')
      context.set('Cache-Control', 'max-age=5')
      context.set('X-Of', context.get('X-Visitor'))
    })
    app.use(smartCache({ cache: site.cache, pages: { ttl: '1m' } }))
    app.use(context => {
      site.ran()
      context.body = 'hello'
    })
    await site.listen(app.callback())
    for (const visitor of ['ann', 'bob']) {
      const { headers } = await site.ask({ headers: { 'X-Visitor': visitor } })
      expect(headers['x-of']).to.equal(visitor)
    }
    expect(site.runs).to.equal(1)
  })
})

describePages('A page that varies on a name that every object knows', framework => {
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    it(`such as ${name} is kept as any other`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', name).send('hello'))
      for (let turn = 0; turn < 3; turn++) expect((await site.ask()).text).to.equal('hello')
      expect(site.runs).to.equal(1)
    })

    it(`such as ${name} by its policy is kept as any other`, async () => {
      const site = await framework.page({ ttl: '1m', vary: { headers: [name] } }, visit => visit.send('hello'))
      for (let turn = 0; turn < 3; turn++) expect((await site.ask()).text).to.equal('hello')
      expect(site.runs).to.equal(1)
    })
  }
})
