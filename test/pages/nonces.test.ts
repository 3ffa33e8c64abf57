import { Readable } from 'node:stream'
import { expect } from 'chai'
import type { App, Visit } from './framework.js'
import { describeHits, describePages } from './frameworks.js'
import type { Reply } from './site.js'

const FIELD = 'Content-Security-Policy'
const inHead = ({ headers }: Reply) => /'nonce-([\w-]+)'/.exec(headers['content-security-policy'] ?? '')?.[1]
const inBody = ({ text }: Reply) => Array.from(text.matchAll(/nonce="([\w-]*)"/g), ([, nonce]) => nonce)

describeHits('The nonce of a kept page', framework => {
  it('is each answer’s own, the same in its head and in its body', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      const nonce = visit.cache.nonce()
      visit.set(FIELD, `script-src 'nonce-${nonce}' 'strict-dynamic'`)
      visit.send(`<script nonce="${nonce}"></script><style nonce="${visit.cache.nonce()}"></style>`)
    })
    const nonces = new Set<string | undefined>()
    for (let asked = 0; asked < 4; asked++) {
      const reply = await site.ask()
      expect(inHead(reply)).to.match(/^[\w-]{22,26}$/)
      expect(inBody(reply)).to.deep.equal([inHead(reply), inHead(reply)])
      expect(reply.headers['content-security-policy']).to.match(/^script-src 'nonce-[\w-]+' 'strict-dynamic'$/)
      nonces.add(inHead(reply))
    }
    expect([nonces.size, site.runs]).to.deep.equal([4, 1])
  })

  it('can stand in the head alone', async () => {
    const site = await framework.page({ ttl: '1h' }, visit => {
      visit.set(FIELD, `script-src 'nonce-${visit.cache.nonce()}'`).send('no script')
    })
    const nonces = new Set((await Promise.all([site.ask(), site.ask(), site.ask()])).map(inHead))
    expect([nonces.size, nonces.has(undefined), site.runs]).to.deep.equal([3, false, 1])
  })
})

describePages('A page with a nonce that is one visitor’s', framework => {
  let made = 0
  const nonceOf = () => `bm9uY2Ut${++made}AAAA`
  const script = (nonce: string) => `<script nonce="${nonce}"></script>`

  it('is not kept if its route names it', async () => {
    for (const field of [FIELD, 'Content-Security-Policy-Report-Only']) {
      const site = await framework.page({ ttl: '1h' }, visit => {
        const nonce = nonceOf()
        visit.set(field, `script-src 'nonce-${nonce}'`).send(script(nonce))
      })
      for (let asked = 0; asked < 2; asked++) expect((await site.ask()).outcome).to.equal('fwd=uri-miss; detail=nonce')
      expect(site.runs).to.equal(2)
    }
  })

  const replies: Readonly<Record<string, (visit: Visit, body: string) => unknown>> = {
    'a text': (visit, body) => visit.send(body),
    'a stream': (visit, body) => visit.stream(Readable.from(Array.from(body, letter => Buffer.from(letter)))),
  }
  for (const [what, reply] of Object.entries(replies)) {
    it(`is not kept if it was named outside and stands in ${what}`, async () => {
      let nonce = ''
      const site = await framework.site((app: App) => {
        app.use(
          app.step(visit => visit.set(FIELD, `script-src 'nonce-${(nonce = nonceOf())}'`)),
          app.smartCache(),
          app.cachePage({ ttl: '1h' }),
        )
        app.handle(visit => reply(visit, script(nonce)))
      })
      for (let asked = 0; asked < 3; asked++) {
        const answer = await site.ask()
        expect(inBody(answer)).to.deep.equal([inHead(answer)])
        // Of a stream that is known only when its head has left.
        expect(answer.outcome).to.equal(what === 'a text' ? 'fwd=uri-miss; detail=nonce' : 'fwd=uri-miss')
      }
      expect(site.runs).to.equal(3)
      expect(site.heard('refuse').map(({ reason }) => reason)).to.include('nonce')
    })
  }

  it('is kept if the nonce was named outside and is a hole in the body', async () => {
    const nonces = new WeakMap<object, string>()
    const site = await framework.site((app: App) => {
      const naming = app.step(visit => {
        const nonce = nonceOf()
        nonces.set(visit.request, nonce)
        visit.set(FIELD, `script-src 'nonce-${nonce}'`)
      })
      app.use(naming, app.smartCache(), app.cachePage({ ttl: '1h' }))
      app.handle(visit => {
        const hole = visit.cache.hole('nonce', (asked: object) => nonces.get((asked as { req?: object }).req ?? asked) ?? '')
        visit.send(script(hole))
      })
    })
    for (let asked = 0; asked < 3; asked++) {
      const answer = await site.ask()
      expect(inBody(answer)).to.deep.equal([inHead(answer)])
    }
    expect(site.runs).to.equal(1)
  })
})
