import { expect } from 'chai'
import { gate } from 'smart-cache/testing'
import type { Policy, Step } from '../framework.js'
import type { Part } from './part.js'

const STALE: Policy = { honor: 'origin', requestDirectives: true }

export const DIRECTIVES: Part = {
  title: 'The directives of a request (RFC 9111, 5.2.1)',
  tests(framework) {
    const handler: Step = visit => visit.set('Cache-Control', 'max-age=600, stale-while-revalidate=600').send('hello')
    const ask = async (directives: string, afterSeconds: number) => {
      const site = await framework.page(STALE, handler)
      await site.ask()
      site.clock.advance(afterSeconds * 1000)
      return (await site.ask({ headers: { 'Cache-Control': directives } })).outcome
    }

    const rows: readonly (readonly [section: string, directives: string, afterSeconds: number, served: boolean])[] = [
      ['5.2.1.1', 'max-age=100', 100, true],
      ['5.2.1.1', 'max-age=100', 101, false],
      ['5.2.1.1', 'max-age=0', 1, false],
      ['5.2.1.1', 'max-age=soon', 100, true],
      ['5.2.1.1', 'max-age=6000', 700, false],
      ['5.2.1.2', 'max-stale', 700, true],
      ['5.2.1.2', 'max-stale=200', 700, true],
      ['5.2.1.2', 'max-stale=50', 700, false],
      ['5.2.1.2', 'max-stale=6000', 1300, false],
      ['5.2.1.2', 'max-age=6000, max-stale=200', 700, true],
      ['5.2.1.3', 'min-fresh=100', 500, true],
      ['5.2.1.3', 'min-fresh=100', 501, false],
      ['5.2.1.4', 'no-cache', 0, false],
      ['5.2.1.6', 'no-transform', 100, true],
      ['5.2', 'no-cache no-cache', 100, true],
    ]
    for (const [section, directives, seconds, served] of rows) {
      it(`${section}: after ${seconds} s ${directives} is ${served ? 'served what is kept' : 'answered anew'}`, async () => {
        expect(await ask(directives, seconds)).to.match(served ? /^hit/ : /^fwd/)
      })
    }

    it('5.2.1.4: what no-cache has had made anew is everybody’s', async () => {
      let version = 0
      const site = await framework.page(STALE, visit => visit.set('Cache-Control', 'max-age=600').send(`version ${++version}`))
      await site.ask()
      expect((await site.ask({ headers: { 'Cache-Control': 'no-cache' } })).text).to.equal('version 2')
      expect((await site.ask()).text).to.equal('version 2')
    })

    it('5.2.1.5: nothing of a request with no-store is kept, and what is kept serves it', async () => {
      const site = await framework.page(STALE, handler)
      const headers = { 'Cache-Control': 'no-store' }
      expect((await site.ask({ headers })).outcome).to.equal('fwd=uri-miss; detail=no-store')
      expect((await site.ask()).outcome).to.equal('fwd=uri-miss')
      expect((await site.ask({ headers })).outcome).to.equal('hit; ttl=600')
    })

    it('5.2.1.7: only-if-cached is served what is kept, or 504', async () => {
      const site = await framework.page(STALE, handler)
      const headers = { 'Cache-Control': 'only-if-cached' }
      expect((await site.ask({ headers })).status).to.equal(504)
      expect(site.runs).to.equal(0)
      await site.ask()
      expect((await site.ask({ headers })).outcome).to.equal('hit; ttl=600')
      site.clock.advance('1h')
      expect((await site.ask({ headers })).status).to.equal(504)
    })

    it('5.4: Pragma: no-cache counts where there is no Cache-Control', async () => {
      const site = await framework.page(STALE, handler)
      await site.ask()
      expect((await site.ask({ headers: { Pragma: 'no-cache' } })).outcome).to.match(/^fwd/)
      expect((await site.ask({ headers: { Pragma: 'no-cache', 'Cache-Control': 'max-age=60' } })).outcome).to.match(/^hit/)
    })

    for (const directive of ['no-cache', 'no-store', 'max-age=0', 'min-fresh=9999']) {
      it(`never make two handlers run at once for one page, however many bring ${directive}`, async () => {
        const held = gate()
        let running = 0
        let most = 0
        const site = await framework.page(STALE, async visit => {
          most = Math.max(most, ++running)
          await held
          running--
          visit.set('Cache-Control', 'max-age=600').send('hello')
        })
        const asked = Array.from({ length: 20 }, () => site.ask({ headers: { 'Cache-Control': directive } }))
        await site.arrivals(20)
        held.open()
        for (const reply of await Promise.all(asked)) expect(reply.text).to.equal('hello')
        expect(most).to.equal(1)
      })
    }

    it('are switched off by requestDirectives: false, and where the policy rules', async () => {
      for (const policy of [{ honor: 'origin', requestDirectives: false }, { ttl: '10m' }] as const) {
        const site = await framework.page(policy, handler)
        await site.ask()
        expect((await site.ask({ headers: { 'Cache-Control': 'no-cache' } })).outcome).to.equal('hit; ttl=600')
      }
    })
  },
}

export const INVALIDATION: Part = {
  title: 'Invalidation (RFC 9111, 4.4)',
  tests(framework) {
    async function afterPost(fields: Record<string, string>, status = 201): Promise<readonly string[]> {
      const site = await framework.site(app => {
        app.use(app.smartCache({ pages: { honor: 'origin' } }))
        app.handle(visit => {
          if (visit.request.method !== 'GET') {
            const origin = `http://${visit.request.headers.host ?? ''}`
            for (const [name, value] of Object.entries(fields)) visit.response.setHeader(name, value.replace('ORIGIN', origin))
            visit.status(status).send('done')
          } else
            visit
              .set('Cache-Control', 'max-age=600')
              .set('Cache-Groups', `"g${visit.request.url ?? ''}", "all"`)
              .send('hello')
        })
      })
      const paths = ['/a', '/b', '/c?x=1', '/posts']
      for (const path of paths) await site.ask(path)
      await site.ask({ method: 'POST', path: '/posts', body: 'x' })
      const gone: string[] = []
      for (const path of paths) if (!(await site.ask(path)).outcome.startsWith('hit')) gone.push(path)
      return gone
    }

    const rows: readonly (readonly [what: string, fields: Record<string, string>, gone: readonly string[]])[] = [
      ['its own URL', {}, ['/posts']],
      ['the URL in Location', { Location: '/a' }, ['/a', '/posts']],
      ['the URL in Content-Location, relative to its own', { 'Content-Location': 'c?x=1' }, ['/c?x=1', '/posts']],
      ['an absolute URL of its origin', { Location: 'ORIGIN/b' }, ['/b', '/posts']],
      ['no URL of another origin', { Location: 'https://other.example/a' }, ['/posts']],
      ['nothing by what is no URL', { Location: 'http://[' }, ['/posts']],
      ['the groups that it names (RFC 9875, 3)', { 'Cache-Group-Invalidation': '"g/a", "g/b"' }, ['/a', '/b', '/posts']],
      ['no groups by what is no list of strings', { 'Cache-Group-Invalidation': 'all' }, ['/posts']],
    ]
    for (const [what, fields, gone] of rows) {
      it(`by a POST that succeeds reaches ${what}`, async () => expect(await afterPost(fields)).to.deep.equal(gone))
    }

    it('does not come of a POST that fails', async () => expect(await afterPost({ Location: '/a' }, 500)).to.deep.equal([]))
  },
}
