import { IncomingMessage, type RequestListener, type Server } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect } from 'chai'
import express, { type ErrorRequestHandler, type Express } from 'express'
import Koa from 'koa'
import { createCache } from 'smart-cache'
import { createServer, inFront } from 'smart-cache/node'
import request from 'supertest'

/** Which prototypes a request and its response have when a listener gets them. */
function prototypesSeen(server: Server): Promise<readonly object[]> {
  return new Promise(resolve => {
    server.prependOnceListener('request', (...both) => resolve(both.map(one => Object.getPrototypeOf(one) as object)))
  })
}

describe('A server for an Express application', () => {
  it('makes requests and responses as the application would have them', async () => {
    const app = express().get('/', (asked, response) => response.json({ ip: asked.ip !== undefined, query: asked.query }))
    for (const listener of [app, inFront(createCache(), app)]) {
      const server = createServer(listener)
      const seen = prototypesSeen(server)
      await request(server)
        .get('/?a=1')
        .expect(200, { ip: true, query: { a: '1' } })
      expect(await seen).to.deep.equal([app.request, app.response])
    }
  })

  it('is one for applications mounted in it, too', async () => {
    const inner: Express = express().get('/who', (asked, response) => response.send(`${asked.baseUrl} ${asked.app === inner}`))
    const app = express().use('/inner', inner)
    app.get('/outer', (asked, response) => response.send(String(asked.app === app)))
    const server = createServer(app)
    await request(server).get('/inner/who').expect('/inner true')
    await request(server).get('/outer').expect('true')
  })

  it('has bodies, errors, and what extends the prototypes as before', async () => {
    const app = express().use(express.json())
    Object.assign(app.request, {
      shout(this: { body: { word: string } }) {
        return this.body.word.toUpperCase()
      },
    })
    app.post('/', (asked, response) => response.send((asked as unknown as { shout(): string }).shout()))
    app.get('/', () => {
      throw new Error('broken')
    })
    const answer: ErrorRequestHandler = (error: Error, _asked, response, _next) => response.status(500).send(error.message)
    const server = createServer(app.use(answer))
    await request(server).post('/').send({ word: 'hello' }).expect(200, 'HELLO')
    await request(server).get('/').expect(500, 'broken')
  })

  it('gives all of them one hidden class', async () => {
    const seen: object[] = []
    const app = express().get('/', (asked, response) => {
      seen.push(asked)
      response.end()
    })
    const server = createServer(app, { keepAliveTimeout: 1234 })
    expect(server.keepAliveTimeout).to.equal(1234)
    for (let asked = 0; asked < 3; asked++) await request(server).get('/').expect(200)
    setFlagsFromString('--allow-natives-syntax')
    const haveSameClass = runInNewContext('(one, other) => %HaveSameMap(one, other)') as (one: object, other: object) => boolean
    const [first, ...others] = seen
    if (first === undefined) throw new Error('Nobody was seen')
    expect(others.map(other => haveSameClass(first, other))).to.deep.equal([true, true])
  })
})

describe('A server for another application', () => {
  const koa = new Koa().use(context => {
    context.body = 'hello'
  })
  const rows: readonly (readonly [what: string, app: RequestListener | Koa])[] = [
    ['Koa', koa],
    ['Koa’s callback', koa.callback()],
    ['a listener', (_asked, response) => response.end('hello')],
    ['Koa behind a front', inFront(createCache(), koa)],
  ]
  for (const [what, app] of rows) {
    it(`is Node’s own: ${what}`, async () => {
      const server = createServer(app)
      const seen = prototypesSeen(server)
      await request(server).get('/').expect(200, 'hello')
      expect((await seen)[0]).to.equal(IncomingMessage.prototype)
    })
  }
})
