import { connect } from 'node:net'
import { mock } from 'node:test'
import { gate } from 'smart-cache/testing'
import { inside } from '../../lib/caches/cache.js'
import type { Policy } from './framework.js'
import { describePages } from './frameworks.js'
import type { Site } from './site.js'

const POLICIES: Readonly<Record<string, Policy>> = { 'is kept': { ttl: '1m' }, 'is not kept': { ttl: '1m', unless: () => true } }
const GET = 'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n'
const POST = 'POST / HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}'

describePages('What is known of a visitor who has gone', framework => {
  /** Nothing is followed any more, though the handler goes on. */
  const untilLetGo = (site: Site) => site.eventually(() => inside(site.cache).engine.scopes.current === undefined)

  for (const [what, policy] of Object.entries(POLICIES)) {
    for (const [question, text] of Object.entries({ GET, POST })) {
      it(`is let go of: behind an earlier answer on its connection, ${question} of a page that ${what}`, async () => {
        const [begun, ended] = [gate(), gate()]
        const site: Site = await framework.site(app => {
          app.use(app.smartCache(), app.parser())
          app.route('get', '/slow', () => ended)
          app.use(app.cachePage(policy))
          app.handle(async () => {
            begun.open()
            await untilLetGo(site)
            ended.open()
          })
        })
        const socket = connect(site.port, '127.0.0.1', () => socket.write(GET.replace('/', '/slow') + text))
        await begun
        socket.destroy()
        await ended
      })
    }
  }

  it('is let go of if that was before the policy has been asked, and the handler runs all the same', async () => {
    const [begun, ended] = [gate(), gate()]
    const site: Site = await framework.site(app => {
      const wait = app.step(async ({ response }) => {
        begun.open()
        await site.eventually(() => response.closed)
      })
      app.use(app.smartCache(), wait, app.cachePage({ ttl: '1m', unless: () => true }))
      app.handle(async () => {
        await untilLetGo(site)
        ended.open()
      })
    })
    const socket = connect(site.port, '127.0.0.1', () => socket.write(GET))
    await begun
    socket.destroy()
    await ended
  })

  it('is let go of after two minutes where there was none: a page was to be refreshed by a handler that never answers', async () => {
    const [begun, ended] = [gate(), gate()]
    const site: Site = await framework.page({ ttl: '1m', grace: '1h' }, async visit => {
      if (site.runs === 1) return visit.send('first')
      begun.open()
      await untilLetGo(site)
      ended.open()
      await new Promise(() => {})
    })
    await site.ask()
    site.clock.advance('2m')
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      await site.ask()
      await begun
      mock.timers.tick(120_000)
      await ended
    } finally {
      mock.timers.reset()
    }
  })
})
