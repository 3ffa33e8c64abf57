import { expect } from 'chai'
import { StoreError, type Store } from 'smart-cache'
import { gate, type Gate } from 'smart-cache/testing'
import { Readable } from 'node:stream'
import type { App, Step } from './framework.js'
import { describePages } from './frameworks.js'
import type { Site } from './site.js'
import { SlowReader } from './slow-reader.js'
import { storeWith } from './stores.js'

/** A memory store whose purges wait for a gate, if there is one. */
class HeldPurges {
  held: Gate | undefined
  readonly purges: string[] = []
  readonly store: Store

  constructor() {
    this.store = storeWith(memory => ({
      purge: async purges => {
        this.purges.push(...purges.map(({ name }) => name))
        await this.held
        return memory.purge(purges)
      },
    }))
  }
}

describePages('invalidates()', framework => {
  const posts = (handler: Step, target: Parameters<App['invalidates']>[0] = ['posts']) => {
    const purges = new HeldPurges()
    return framework
      .site(
        app => {
          app.use(app.smartCache())
          app.route('get', '/posts', app.cachePage({ ttl: '1m', tags: ['posts'] }), visit => visit.send('posts'))
          app.route('post', '/posts', app.invalidates(target), handler)
        },
        { store: purges.store },
      )
      .then(site => ({ site, purges }))
  }

  async function isKept(site: Site): Promise<boolean> {
    return (await site.ask('/posts')).outcome.startsWith('hit')
  }

  const styles: Readonly<Record<string, Step>> = {
    'sends its answer': visit => visit.status(201).set('X-Own', 'yes').send('made'),
    redirects: visit => visit.status(303).set('Location', '/posts').set('X-Own', 'yes').send('made'),
    'streams its answer': visit =>
      visit
        .status(201)
        .set('X-Own', 'yes')
        .stream(Readable.from(['ma', 'de'].map(part => Buffer.from(part)))),
    'writes and ends': visit => {
      const response = visit.raw()
      response.setHeader('X-Own', 'yes')
      response.write('ma')
      response.end('de')
    },
    'writes the head first': visit => {
      const response = visit.raw()
      response.writeHead(201, { 'X-Own': 'yes' })
      setImmediate(() => response.end('made'))
    },
    'flushes the head first': visit => {
      const response = visit.raw()
      response.setHeader('X-Own', 'yes')
      response.flushHeaders()
      setImmediate(() => response.end('made'))
    },
  }
  for (const [what, handler] of Object.entries(styles)) {
    it(`has purged before the first byte leaves of a handler that ${what}`, async () => {
      const { site, purges } = await posts(handler)
      await site.ask('/posts')
      purges.held = gate()
      let left = false
      const reply = site.ask({ method: 'POST', path: '/posts' }).then(answer => {
        left = true
        return answer
      })
      await site.eventually(() => purges.purges.includes('posts'))
      await site.arrivals(2)
      for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
      expect(left).to.equal(false)
      purges.held.open()
      const { text, headers } = await reply
      expect([text, headers['x-own']]).to.deep.equal(['made', 'yes'])
      expect(await isKept(site)).to.equal(false)
    })
  }

  for (const status of [400, 404, 409, 500, 503]) {
    it(`purges nothing when the handler answers with ${status}`, async () => {
      const { site } = await posts(visit => visit.status(status).send('no'))
      await site.ask('/posts')
      expect((await site.ask({ method: 'POST', path: '/posts' })).status).to.equal(status)
      expect(await isKept(site)).to.equal(true)
    })
  }

  it('purges nothing when the handler throws', async () => {
    const { site } = await posts(() => {
      throw new Error('broken')
    })
    await site.ask('/posts')
    expect((await site.ask({ method: 'POST', path: '/posts' })).status).to.equal(500)
    expect(await isKept(site)).to.equal(true)
  })

  it('takes its target from the request, once it has succeeded', async () => {
    const asked: string[] = []
    const { site, purges } = await posts(
      visit => visit.send('made'),
      ({ path }) => {
        asked.push(path)
        return [`path:${path}`]
      },
    )
    await site.ask({ method: 'POST', path: '/posts' })
    expect(asked).to.deep.equal(['/posts'])
    expect(purges.purges).to.include('path:/posts')
  })

  for (const [what, handler] of Object.entries(styles)) {
    it(`fails the request of a handler that ${what} if the purge fails`, async () => {
      const { site, purges } = await posts(handler)
      purges.held = gate()
      purges.held.fail(new Error('store away'))
      const reply = await site.ask({ method: 'POST', path: '/posts' })
      expect(reply.status).to.equal(500)
      expect(reply.text).to.not.include('made')
      expect(site.errors).to.have.length(1)
      expect(site.errors[0]).to.be.instanceOf(StoreError)
    })
  }

  it('fails the request if its function throws', async () => {
    const { site } = await posts(
      visit => visit.send('made'),
      () => {
        throw new Error('no such post')
      },
    )
    expect((await site.ask({ method: 'POST', path: '/posts' })).status).to.equal(500)
    expect(site.errors.map(String)).to.deep.equal(['Error: no such post'])
  })

  it('purges for each of several of them, in whatever order', async () => {
    const site = await framework.site(app => {
      app.use(app.smartCache())
      for (const tag of ['a', 'b']) app.route('get', `/${tag}`, app.cachePage({ ttl: '1m', tags: [tag] }), visit => visit.send('hello'))
      app.route('put', '/both', app.invalidates(['a']), app.invalidates('b'), visit => visit.send('done'))
    })
    for (const path of ['/a', '/b']) await site.ask(path)
    await site.put('/both').expect('done')
    for (const path of ['/a', '/b']) expect((await site.ask(path)).outcome).to.equal('fwd=uri-miss')
  })

  it('lets a long answer pass whole, at the reader’s pace', async () => {
    const part = Buffer.alloc(256 * 1024, 'x')
    const { site } = await posts(visit => visit.stream(Readable.from(Array(20).fill(part))))
    const reply = await site.ask({ method: 'POST', path: '/posts' })
    expect(reply.body).to.have.length(20 * part.length)
  })

  it('tells a handler that writes and waits when it may go on', async () => {
    const { site, purges } = await posts(async visit => {
      const response = visit.raw()
      for (let part = 0; part < 3; part++) {
        if (!response.write(`part ${part} `)) await new Promise(resolve => response.once('drain', resolve))
      }
      response.end('end')
    })
    purges.held = gate()
    const reply = site.ask({ method: 'POST', path: '/posts' })
    await site.eventually(() => purges.purges.length > 0)
    purges.held.open()
    expect((await reply).text).to.equal('part 0 part 1 part 2 end')
  })

  it('disturbs nobody when the visitor goes meanwhile', async () => {
    const { site, purges } = await posts(visit => visit.send('made'))
    await site.ask('/posts')
    purges.held = gate()
    const asked = site.ask({ method: 'POST', path: '/posts' }).catch(() => 'gone')
    await site.eventually(() => purges.purges.length > 0)
    site.leaveAll()
    expect(await asked).to.equal('gone')
    purges.held.open()
    await site.eventually(() => purges.purges.length > 0)
    expect(await isKept(site)).to.equal(false)
    expect(await new SlowReader(site, '/posts').readOn()).to.include('posts')
  })
})

describePages('A request that changes something', framework => {
  it('has its own URL purged before the first byte leaves', async () => {
    const purges = new HeldPurges()
    const site = await framework.site(
      app => {
        app.use(app.smartCache(), app.cachePage({ ttl: '1m' }))
        app.handle(visit => visit.send('hello'))
      },
      { store: purges.store },
    )
    await site.ask()
    purges.held = gate()
    let left = false
    const reply = site.ask({ method: 'DELETE' }).then(() => (left = true))
    await site.eventually(() => purges.purges.length > 0)
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(left).to.equal(false)
    purges.held.open()
    await reply
    expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
  })
})
