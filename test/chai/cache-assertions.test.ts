import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, use } from 'chai'
import express from 'express'
import { createCache } from 'smart-cache'
import { cacheAssertions } from 'smart-cache/chai'
import { cachePage, smartCache } from 'smart-cache/express'
import { fakeClock } from 'smart-cache/testing'
import request from 'supertest'

use(cacheAssertions)

describe('The chai plugin', () => {
  const clock = fakeClock()
  const app = express()
  app.use(smartCache({ cache: createCache({ clock }) }))
  app.get('/page', cachePage({ ttl: '1m', grace: '1h' }), (_req, res) => void res.send('page'))
  app.get('/plain', (_req, res) => void res.send('plain'))
  let server: Server

  before(async () => {
    server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
  })

  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('tells hits, misses, stale pages and bypasses of supertest from one another', async () => {
    expect(await request(server).get('/page')).to.be.a.cacheMiss
    expect(await request(server).get('/page')).to.be.a.cacheHit.and.not.a.cacheMiss
    clock.advance('2m')
    expect(await request(server).get('/page')).to.be.a.cacheStale.and.not.a.cacheHit
    expect(await request(server).post('/page')).to.be.a.cacheBypass
    expect(await request(server).get('/plain')).not.to.be.a.cacheHit
  })

  it('reads the responses of fetch', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/page?by=fetch`
    expect(await fetch(url)).to.be.a.cacheMiss
    expect(await fetch(url)).to.be.a.cacheHit
  })

  const saying = (status: string | readonly string[]) => ({ headers: { 'cache-status': status } })

  it('reads what smart-cache says among what other caches say, the last where it says two things', () => {
    expect(saying('CDN; hit, smart-cache; fwd=uri-miss; stored')).to.be.a.cacheMiss
    expect(saying('smart-cache; hit; ttl=5, CDN; fwd=uri-miss')).to.be.a.cacheHit
    expect(saying(['smart-cache; fwd=stale; stored', 'smart-cache; hit; ttl=5'])).to.be.a.cacheHit
    expect(saying('"a, smart-cache; hit"; fwd=miss')).not.to.be.a.cacheHit
    expect(saying('smart-cache-2; hit')).not.to.be.a.cacheHit
  })

  const rows = [
    ['cacheHit', 'smart-cache; hit; ttl=5'],
    ['cacheHit', 'smart-cache; hit'],
    ['cacheStale', 'smart-cache; hit; ttl=-5; detail=grace'],
    ['cacheMiss', 'smart-cache; fwd=uri-miss; stored'],
    ['cacheMiss', 'smart-cache; fwd=vary-miss; detail=set-cookie'],
    ['cacheMiss', 'smart-cache; fwd=uri-miss; collapsed; ttl=5'],
    ['cacheMiss', 'smart-cache; fwd=stale; fwd-status=304'],
    ['cacheBypass', 'smart-cache; fwd=method'],
    ['cacheBypass', 'smart-cache; fwd=bypass; detail=authorization'],
    [undefined, 'smart-cache; detail=only-if-cached'],
  ] as const
  for (const [holds, status] of rows) {
    it(`takes "${status}" for ${holds ?? 'none of its own'}`, () => {
      for (const name of ['cacheHit', 'cacheStale', 'cacheMiss', 'cacheBypass'] as const) {
        if (name === holds) expect(saying(status)).to.be.a[name]
        else expect(saying(status)).not.to.be.a[name]
      }
    })
  }

  it('says what the response says, where that is something else', () => {
    const failed = (check: () => unknown) => {
      try {
        check()
      } catch (error) {
        return (error as Error).message
      }
      return undefined
    }
    expect(failed(() => expect(saying('smart-cache; fwd=uri-miss; stored')).to.be.a.cacheHit)).to.equal(
      'expected the response to be a cache hit, but it says "smart-cache; fwd=uri-miss; stored"',
    )
    expect(failed(() => expect(saying('smart-cache; hit')).not.to.be.a.cacheHit)).to.equal(
      'expected the response not to be a cache hit, but it says "smart-cache; hit"',
    )
    for (const response of [{ headers: {} }, {}, undefined, 'text', new Headers(), { headers: new Headers() }]) {
      expect(failed(() => expect(response).to.be.a.cacheHit)).to.equal(
        'expected the response to be a cache hit, but it has no Cache-Status of smart-cache',
      )
    }
  })
})
