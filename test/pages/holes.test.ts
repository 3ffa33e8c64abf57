import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import { ConfigError, createCache, memoryStore, nullStore, type AnyVisit, type HoleOptions } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import type { App, Step, Visit } from './framework.js'
import { describeHits, describePages } from './frameworks.js'
import type { Site } from './site.js'
import { SlowReader } from './slow-reader.js'

const whoseOf = ({ headers }: AnyVisit) => `<b>${String(headers['x-visitor'])}</b>`
const tokenOf = async ({ headers }: AnyVisit) => {
  await turn()
  return `token of ${String(headers['x-visitor'])}`
}

const as = (visitor: string, more = {}) => ({ headers: { 'X-Visitor': visitor, ...more } })
const text = (visitor: string) => `Hello <b>${visitor}</b>! [token of ${visitor}] Bye <b>${visitor}</b>.`
const page = (visit: Visit, options?: HoleOptions) => {
  const whose = visit.cache.hole('whose', whoseOf, options)
  const token = visit.cache.hole('token', tokenOf, options)
  return `Hello ${whose}! [${token}] Bye ${whose}.`
}

describeHits('A hole in a kept page', framework => {
  for (const front of [false, true]) {
    it(`is each visitor’s own, on a miss and on hits${front ? ', also in front' : ''}`, async () => {
      const site = await framework.page({ ttl: '1h' }, visit =>
        visit.set('Content-Type', 'text/html; charset=utf-8').send(page(visit, { front })),
      )
      for (const visitor of ['Ann', 'Bea', 'Ann', 'Cid']) expect((await site.ask(as(visitor))).text).to.equal(text(visitor))
      expect(site.runs).to.equal(1)
      const hit = await site.ask(as('Dan'))
      expect([hit.outcome, hit.headers['content-type']]).to.deep.equal(['hit; ttl=3600', 'text/html; charset=utf-8'])
    })
  }

  it('is each visitor’s own for all who ask at once', async () => {
    const data = gate()
    const site = await framework.page({ ttl: '1h' }, async visit => {
      const html = page(visit)
      await data
      visit.send(html)
    })
    const visitors = Array.from({ length: 30 }, (_, number) => `visitor ${number}`)
    const all = Promise.all(visitors.map(async visitor => (await site.ask(as(visitor))).text))
    await site.arrivals(visitors.length)
    data.open()
    expect(await all).to.deep.equal(visitors.map(text))
    expect(site.runs).to.equal(1)
  })

  it('has a page without validators, for its holes change', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.set('Last-Modified', new Date(0).toUTCString()).send(page(visit)))
    for (let asked = 0; asked < 3; asked++) {
      const conditions = { 'If-None-Match': '*', 'If-Modified-Since': new Date().toUTCString(), Range: 'bytes=0-3' }
      const reply = await site.ask(as('Ann', asked === 0 ? {} : conditions))
      expect([reply.status, reply.text]).to.deep.equal([200, text('Ann')])
      for (const name of ['etag', 'last-modified', 'accept-ranges']) expect(reply.headers[name]).to.equal(undefined)
    }
  })

  it('has a page with a weak validator of what is around it, where its policy says so', async () => {
    let title = 'one'
    const site = await framework.page({ ttl: '1h', maskedETag: true, tags: ['title'] }, visit => visit.send(`${title} ${page(visit)}`))
    await site.ask(as('Ann'))
    const { etag = '' } = (await site.ask(as('Ann'))).headers
    expect(etag).to.match(/^W\/"/)
    expect((await site.ask(as('Bea'))).headers['etag']).to.equal(etag)
    const known = await site.ask(as('Bea', { 'If-None-Match': etag }))
    expect([known.status, known.text, known.headers['etag']]).to.deep.equal([304, '', etag])
    expect((await site.ask(as('Bea', { Range: 'bytes=0-3' }))).text).to.equal(`one ${text('Bea')}`)
    title = 'two'
    await site.cache.invalidate('title')
    await site.ask(as('Ann'))
    expect((await site.ask(as('Ann', { 'If-None-Match': etag }))).text).to.equal(`two ${text('Ann')}`)
  })

  it('is not filled for HEAD', async () => {
    let filled = 0
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.send(visit.cache.hole('count', (_visit: AnyVisit) => `${++filled}`, { front: true })),
    )
    await site.ask()
    for (let asked = 0; asked < 2; asked++) {
      const head = await site.ask({ method: 'HEAD' })
      expect([head.status, head.text, head.outcome, head.headers['content-length']]).to.deep.equal([200, '', 'hit; ttl=3600', undefined])
    }
    expect([filled, (await site.ask()).text]).to.deep.equal([1, '2'])
  })

  it('sends its first byte, on a miss and on a hit, before a slow hole has answered', async () => {
    let slow = gate<string>()
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.send(`begin ${visit.cache.hole('slow', (_visit: AnyVisit) => slow, { front: true })} end`),
    )
    for (const outcome of ['fwd=uri-miss', 'hit; ttl=3600']) {
      slow = gate()
      const response = await fetch(`http://127.0.0.1:${site.port}/`)
      const reader = response.body?.getReader()
      const first = await reader?.read()
      expect(Buffer.from(first?.value ?? []).toString()).to.equal('begin ')
      slow.open('slow')
      let rest = ''
      for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) rest += Buffer.from(next.value).toString()
      expect(rest).to.equal('slow end')
      expect(response.headers.get('cache-status')).to.include(outcome)
    }
  })

  it('is begun with all others at once, and filled in order', async () => {
    const gates = new Map(['one', 'two', 'three'].map(name => [name, gate<string>()]))
    const begun: string[] = []
    const site = await framework.page({ ttl: '1h' }, visit => {
      const holes = [...gates.keys()].map(name =>
        visit.cache.hole(name, (_visit: AnyVisit) => {
          begun.push(name)
          return gates.get(name) ?? ''
        }),
      )
      visit.send(holes.join())
    })
    for (const [name, opened] of gates) if (name !== 'one') opened.open(name)
    for (let asked = 0; asked < 2; asked++) {
      const reply = site.ask()
      await site.eventually(() => begun.length === 3 * (asked + 1))
      gates.get('one')?.open('one')
      expect((await reply).text).to.equal('one,two,three')
    }
  })

  const failures: readonly (readonly [string, (visit: AnyVisit) => unknown, HoleOptions])[] = [
    [
      'throws',
      _visit => {
        throw new Error('hole')
      },
      { fallback: 'instead' },
    ],
    ['rejects', async _visit => Promise.reject(new Error('hole')), { fallback: 'instead' }],
    ['brings neither a string nor a Buffer', _visit => 7, { fallback: 'instead' }],
    ['promises neither a string nor a Buffer', async _visit => undefined, { fallback: Buffer.from('instead') }],
    ['takes too long', async _visit => new Promise(() => {}), { fallback: 'instead', timeout: 10 }],
  ]
  for (const [what, fill, options] of failures) {
    it(`that ${what} has its fallback, breaks no page, and is announced`, async () => {
      const site = await framework.page({ ttl: '1h' }, visit =>
        visit.send(`[${visit.cache.hole('bad', fill as () => string, { ...options, front: true })}]`),
      )
      for (let asked = 0; asked < 2; asked++) {
        const reply = await site.ask()
        expect([reply.status, reply.text]).to.deep.equal([200, '[instead]'])
      }
      expect(site.heard('error').map(({ operation, key }) => [operation, key])).to.deep.equal([
        ['hole', 'bad'],
        ['hole', 'bad'],
      ])
      expect(site.runs).to.equal(1)
    })
  }

  it('is filled with nothing where it fails and has no fallback', async () => {
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.send(`[${visit.cache.hole('bad', (_visit: AnyVisit) => Promise.reject(new Error()))}]`),
    )
    for (let asked = 0; asked < 2; asked++) expect((await site.ask()).text).to.equal('[]')
  })

  it('makes the page private to other caches', async () => {
    const site = await framework.page({ ttl: '1h', cdn: '1h', browser: '1m' }, visit => visit.send(page(visit)))
    for (let asked = 0; asked < 2; asked++) {
      const { headers } = await site.ask(as('Ann'))
      expect([headers['cache-control'], headers['cdn-cache-control']]).to.deep.equal(['private, max-age=60', undefined])
    }
    const silent = await framework.page({ ttl: '1h' }, visit => visit.send(page(visit)))
    for (let asked = 0; asked < 2; asked++) expect((await silent.ask(as('Ann'))).headers['cache-control']).to.equal('private')
  })

  it('leaves what the route tells other caches as it is', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.set('Cache-Control', 'public, max-age=5').send(page(visit)))
    for (let asked = 0; asked < 2; asked++) expect((await site.ask(as('Ann'))).headers['cache-control']).to.equal('public, max-age=5')
  })

  it('is filled in a page that is served stale, or in the stead of a failure', async () => {
    let fails = false
    const site = await framework.page({ ttl: '1m', staleIfError: '1h' }, visit => {
      if (fails) throw new Error('database')
      visit.send(page(visit))
    })
    await site.ask(as('Ann'))
    fails = true
    site.clock.advance('2m')
    const instead = await site.ask(as('Bea'))
    expect([instead.status, instead.text]).to.deep.equal([200, text('Bea')])
  })

  it('is filled by nobody for a refresh behind the visitors’ backs', async () => {
    const visitors: unknown[] = []
    const site = await framework.page({ ttl: '1m', grace: '1h' }, visit =>
      visit.send(visit.cache.hole('whose', ({ headers }: AnyVisit) => (visitors.push(headers['x-visitor']), 'filled'))),
    )
    await site.ask(as('Ann'))
    site.clock.advance('2m')
    expect((await site.ask(as('Bea'))).text).to.equal('filled')
    await site.eventually(() => site.heard('fill').length === 2)
    expect((await site.ask(as('Cid'))).text).to.equal('filled')
    expect(visitors).to.deep.equal(['Ann', 'Bea', 'Cid'])
  })

  it('makes the page depend on nothing that is read for one visitor', async () => {
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.send(
        visit.cache.hole('read', async (_visit: AnyVisit) => site.cache.getOrSet('own', () => 'read', { ttl: '1m', tags: ['own'] })),
      ),
    )
    await site.ask()
    await site.cache.invalidate('own')
    expect([(await site.ask()).outcome, site.runs]).to.deep.equal(['hit; ttl=3600', 1])
  })
})

describePages('A hole', framework => {
  const bodies: Readonly<Record<string, (visit: Visit, body: string) => unknown>> = {
    'a text': (visit, body) => visit.send(body),
    'a Buffer': (visit, body) => visit.send(Buffer.from(body)),
    'a stream': (visit, body) => visit.stream(Readable.from(Array.from(body, letter => Buffer.from(letter)))),
    'a stream of texts': (visit, body) => visit.stream(Readable.from([body.slice(0, 20), body.slice(20)], { objectMode: false })),
    'written parts': (visit, body) => {
      const response = visit.raw()
      for (const letter of body) response.write(letter)
      response.end()
    },
    'a head and a body': (visit, body) => {
      const bytes = Buffer.from(body)
      visit.raw().writeHead(200, { 'Content-Length': bytes.length, 'X-Own': 'yes' }).end(bytes)
    },
    'a body in base64': (visit, body) => visit.raw().end(Buffer.from(body).toString('base64'), 'base64'),
  }
  for (const [what, reply] of Object.entries(bodies)) {
    it(`is filled in ${what}`, async () => {
      const site = await framework.page({ ttl: '1h' }, visit => reply(visit, page(visit)))
      for (const visitor of ['Ann', 'Bea', 'Cid']) expect((await site.ask(as(visitor))).text).to.equal(text(visitor))
      expect(site.runs).to.equal(1)
    })
  }

  it('is filled in JSON, in a list and at both ends', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.send({ whose: [visit.cache.hole('whose', whoseOf)] }))
    for (const visitor of ['Ann', 'Bea']) expect((await site.ask(as(visitor))).text).to.equal(`{"whose":["<b>${visitor}</b>"]}`)
    const lone = await framework.page({ ttl: '1h' }, visit => visit.send(visit.cache.hole('whose', whoseOf)))
    for (const visitor of ['Ann', 'Bea']) expect((await lone.ask(as(visitor))).text).to.equal(`<b>${visitor}</b>`)
  })

  it('that is made and stands nowhere does no harm', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      visit.cache.hole('whose', whoseOf)
      visit.send('nothing')
    })
    for (let asked = 0; asked < 3; asked++) expect((await site.ask(as('Ann'))).text).to.equal('nothing')
    expect(site.runs).to.equal(1)
  })

  it('can be made of the cache itself in a handler under a policy', async () => {
    const site: Site = await framework.page({ ttl: '1h' }, async visit => {
      await turn()
      visit.send(site.cache.hole('whose', whoseOf))
    })
    for (const visitor of ['Ann', 'Bea']) expect((await site.ask(as(visitor))).text).to.equal(`<b>${visitor}</b>`)
    expect((await site.ask(as('Cid', { Authorization: 'Basic QQ==' }))).text).to.equal('<b>Cid</b>')
    expect(site.runs).to.equal(2)
  })

  const unkept: Readonly<Record<string, (visit: Visit) => unknown>> = {
    'says never()': visit => visit.cache.never(),
    'sets a cookie': visit => visit.set('Set-Cookie', 'a=b'),
    'says no-store': visit => visit.set('Cache-Control', 'no-store'),
    'has failed': visit => visit.status(500),
  }
  for (const [what, spoil] of Object.entries(unkept)) {
    it(`can be made of the cache itself in a page that ${what} before, and in its fragments`, async () => {
      const site: Site = await framework.page({ ttl: '1h' }, async visit => {
        spoil(visit)
        await turn()
        const first = site.cache.hole('whose', whoseOf)
        visit.send(first + (await site.cache.fragment('part', {}, () => site.cache.hole('whose', whoseOf))))
      })
      for (const visitor of ['Ann', 'Bea']) {
        for (const method of ['GET', 'HEAD', 'POST']) {
          const { text: answer } = await site.ask({ method, ...as(visitor) })
          expect(answer).to.equal(method === 'HEAD' ? '' : `<b>${visitor}</b><b>${visitor}</b>`)
        }
      }
      expect(site.errors).to.deep.equal([])
    })
  }

  it('can be made of a cache that is closed, or keeps nothing', async () => {
    const handler = (site: () => Site) => (visit: Visit) => visit.send(site().cache.hole('whose', whoseOf))
    const none: Site = await framework.page(
      { ttl: '1h' },
      handler(() => none),
      { store: nullStore() },
    )
    const closed: Site = await framework.page(
      { ttl: '1h' },
      handler(() => closed),
    )
    await closed.cache.close()
    for (const site of [none, closed]) {
      for (const visitor of ['Ann', 'Bea']) expect((await site.ask(as(visitor))).text).to.equal(`<b>${visitor}</b>`)
    }
  })

  it('is filled where the page is not kept: for who is not answered from the cache, for other methods, without a policy', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => visit.send(page(visit)))
    for (const [method, more] of [
      ['GET', { Authorization: 'Basic QQ==' }],
      ['POST', {}],
      ['PUT', {}],
    ] as const) {
      expect((await site.ask({ method, ...as('Ann', more) })).text).to.equal(text('Ann'))
    }
    for (const policy of [undefined, { pages: { ttl: '1h' } } as const]) {
      const other = await framework.site((app: App) => {
        app.use(app.smartCache(policy))
        app.handle(visit => visit.set('Cache-Control', 'no-store').send(page(visit)))
      })
      for (const visitor of ['Ann', 'Bea']) expect((await other.ask(as(visitor))).text).to.equal(text(visitor))
    }
  })

  it('of one name and another function is another hole', async () => {
    const site = await framework.site((app: App) => {
      app.use(app.smartCache({ pages: { ttl: '1h' } }))
      app.route('get', '/one', visit => visit.send(visit.cache.hole('name', (_visit: AnyVisit) => 'one')))
      app.route('get', '/two', visit => visit.send(visit.cache.hole('name', (_visit: AnyVisit) => 'two')))
    })
    for (let asked = 0; asked < 2; asked++) {
      expect([(await site.ask('/one')).text, (await site.ask('/two')).text]).to.deep.equal(['one', 'two'])
    }
  })

  it('that this process does not know makes its page a miss', async () => {
    const store = memoryStore()
    const handler: Step = visit => visit.send(page(visit))
    const [one, two] = [await framework.page({ ttl: '1h' }, handler, { store }), await framework.page({ ttl: '1h' }, handler, { store })]
    const headers = { Host: 'shop.example' }
    await one.ask(as('Ann', headers))
    for (const visitor of ['Bea', 'Cid']) {
      expect((await two.ask(as(visitor, headers))).text).to.equal(text(visitor))
      expect((await one.ask(as(visitor, headers))).text).to.equal(text(visitor))
    }
    expect([one.runs, two.runs]).to.deep.equal([1, 1])
  })

  it('cannot be forged by who has seen the mark of another', async () => {
    const marks: string[] = []
    const site = await framework.page({ ttl: '1h' }, visit => {
      const stolen = marks.at(-1) ?? ''
      const mark = visit.cache.hole('whose', whoseOf)
      marks.push(mark)
      expect(mark).to.match(/^[\w-]{26}$/)
      visit.send(`${mark} said: ${stolen} ${mark.slice(0, -1)} ${mark.slice(0, 22)}ffff`)
    })
    await site.ask({ path: '/first', ...as('Ann') })
    const [stolen = ''] = marks
    for (const visitor of ['Bea', 'Cid']) {
      const { text: answer } = await site.ask({ path: '/second', ...as(visitor) })
      expect(answer).to.match(new RegExp(`^<b>${visitor}</b> said: ${stolen} `))
    }
    expect(new Set(marks.map(mark => mark.slice(0, 22))).size).to.equal(2)
  })

  it('is refused where it cannot be', async () => {
    const refused = async (handler: (visit: Visit, site: Site) => unknown) => {
      const site: Site = await framework.page({ ttl: '1h' }, visit => handler(visit, site))
      await site.ask()
      expect(site.errors.at(-1)).to.be.instanceOf(ConfigError)
    }
    await refused(visit => visit.cache.hole('', whoseOf))
    await refused(visit => visit.cache.hole('own', () => 'of the first visitor'))
    await refused(visit => visit.cache.hole('own', 'text' as never))
    await refused(visit => visit.cache.hole('own', whoseOf, { fallbak: '' } as object))
    await refused(visit => visit.cache.hole('own', whoseOf, { fallback: 7 as never }))
    await refused(visit => visit.cache.hole('own', whoseOf, { timeout: 'soon' as never }))
    await refused(visit => visit.cache.hole('own', whoseOf, { front: 'yes' as never }))
    await refused((visit, site) => site.cache.getOrSet('value', () => visit.cache.hole('own', whoseOf)))
    await refused((_visit, site) => site.cache.getOrSet('value', () => site.cache.hole('own', whoseOf)))
  })

  it('is refused once the head has left, and outside of a page', async () => {
    let failure: unknown
    const late = await framework.page({ ttl: '1h' }, visit => {
      const response = visit.raw()
      response.write('begun')
      try {
        visit.cache.hole('own', whoseOf)
      } catch (error) {
        failure = error
      }
      response.end()
    })
    expect((await late.ask()).text).to.equal('begun')
    expect(failure).to.be.instanceOf(ConfigError)
    expect(() => late.cache.hole('own', whoseOf)).to.throw(ConfigError, 'needs a page')
  })

  it('can be made of the cache itself in a handler without a policy until it waits for something, and not after', async () => {
    let waits = false
    const site: Site = await framework.site((app: App) => {
      app.use(app.smartCache())
      app.handle(async visit => {
        if (waits) await turn()
        visit.send(site.cache.hole('own', whoseOf))
      })
    })
    for (const visitor of ['Ann', 'Bea']) {
      for (const method of ['GET', 'POST']) expect((await site.ask({ method, ...as(visitor) })).text).to.equal(`<b>${visitor}</b>`)
    }
    expect(() => site.cache.hole('own', whoseOf)).to.throw(ConfigError, 'needs a page')
    waits = true
    await site.ask(as('Ann'))
    expect(site.errors[0]).to.be.instanceOf(ConfigError).with.property('message').that.includes('req.cache.hole()')
  })

  it('is not found by the cache of another site', async () => {
    const other = createCache()
    const site: Site = await framework.site((app: App) => {
      app.use(app.smartCache())
      app.handle(() => other.hole('own', whoseOf))
    })
    await site.ask(as('Ann'))
    expect(site.errors[0]).to.be.instanceOf(ConfigError)
  })
})

const PART = 'x'.repeat(128 * 1024)

describeHits('A large page with holes', framework => {
  it('waits for who reads slowly, on a hit', async () => {
    let slow = gate<string>()
    const site = await framework.page({ ttl: '1h', maxBody: '64mb' }, visit =>
      visit.send(Array.from({ length: 60 }, () => PART).join(visit.cache.hole('slow', (_visit: AnyVisit) => slow, { front: true }))),
    )
    slow.open('-')
    let response: ServerResponse | undefined
    site.server.prependListener('request', (_, sent: ServerResponse) => (response = sent))
    await site.ask()
    slow = gate()
    const asked = new AbortController()
    const reply = await fetch(`http://127.0.0.1:${site.port}/`, { signal: asked.signal })
    expect(reply.headers.get('cache-status')).to.include('hit')
    const reader = reply.body?.getReader()
    await reader?.read()
    slow.open('-')
    for (let round = 0; round < 50; round++) await turn()
    expect(response?.writableEnded).to.equal(false)
    expect(response?.writableLength).to.be.below(3 * PART.length)
    asked.abort()
  })
})

describeHits('A page with holes that are filled in no time', framework => {
  it('is sent in one piece whose length is known, on a hit', async () => {
    const site = await framework.page({ ttl: '1h' }, visit =>
      visit.send(`[${visit.cache.hole('soon', async (_visit: AnyVisit) => 'ü', { front: true })}]`),
    )
    await site.ask()
    const { outcome, text: answer, headers } = await site.ask()
    expect([outcome, answer, headers['content-length']]).to.deep.equal(['hit; ttl=3600', '[ü]', '4'])
  })
})

describePages('A page with holes that its handler writes', framework => {
  it('is written as fast as its visitor reads and its holes are filled, and no faster', async () => {
    const slow = gate<string>()
    const [begun, drained] = [gate(), gate()]
    const heard: unknown[] = []
    const site = await framework.page({ ttl: '1h', maxBody: '64mb' }, async visit => {
      const hole = visit.cache.hole('slow', (_visit: AnyVisit) => slow)
      const response = visit.raw()
      response.once('drain', () => (heard.push('drain'), drained.open()))
      heard.push(response.write('begin '))
      heard.push(response.write(`${hole} and `))
      begun.open()
      await drained
      for (let part = 0; part < 40; part++) if (!response.write(PART)) await once(response, 'drain')
      response.end(' end')
    })
    const reader = new SlowReader(site)
    await begun
    for (let round = 0; round < 20; round++) await turn()
    expect(heard).to.deep.equal([true, false])
    slow.open('filled')
    await reader.readUntil(' and ')
    expect(heard).to.deep.equal([true, false, 'drain'])
    const [, body = ''] = (await reader.readOn()).split('begin ')
    expect(body).to.include(' end')
    expect(body.match(/x/g)).to.have.length(40 * PART.length)
    expect((await site.ask()).body.length).to.equal('begin filled and '.length + 40 * PART.length + ' end'.length)
    expect(site.runs).to.equal(1)
  })
})
