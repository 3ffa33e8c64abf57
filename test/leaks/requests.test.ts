import { expect } from 'chai'
import { describePages } from '../pages/frameworks.js'
import type { Asked, Visit } from '../pages/framework.js'
import { sent } from './visitor.js'

describePages('A request with credentials', framework => {
  it('is not answered from the cache because the page varies on something else', async () => {
    const site = await framework.page({ ttl: '1m', vary: { value: asked => asked.headers['accept-language'] } }, visit =>
      visit.send(`the page of ${sent(visit, 'authorization')}`),
    )
    for (const authorization of ['Bearer ann', 'Bearer bob', '']) {
      const { text } = await site.ask({ headers: { authorization } })
      expect(text).to.equal(`the page of ${authorization}`)
    }
  })
})

describePages('A request that the policy exempts', framework => {
  for (const [kind, exempt] of [
    ['a string', (session: unknown) => session],
    ['an object', (session: unknown) => (session === undefined ? undefined : { session })],
    ['a promise', async () => false],
  ] as const) {
    it(`by a function that returns ${kind}, as JavaScript lets it, is not answered from the cache`, async () => {
      const site = await framework.page(
        { ttl: '1m', unless: ((asked: Asked) => exempt(asked.headers['x-session'])) as unknown as () => boolean },
        visit => visit.send(`the page of ${sent(visit, 'x-session')}`),
      )
      for (const session of ['ann', 'bob']) {
        expect((await site.ask({ headers: { 'X-Session': session } })).text).to.equal(`the page of ${session}`)
      }
    })
  }
})

describePages('A handler that changes the fields of its request', framework => {
  const readAndRemove = (visit: Visit, name: string): string => {
    const value = visit.request.headers[name]
    delete visit.request.headers[name]
    return String(value)
  }

  for (const name of ['cookie', 'x-session', 'accept-language']) {
    it(`does not change what the page is kept for: ${name}`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => {
        const value = readAndRemove(visit, name)
        visit.set('Vary', name).send(`the page of ${value}`)
      })
      expect((await site.ask({ headers: { [name]: 'ann' } })).text).to.equal('the page of ann')
      expect((await site.ask()).text).to.equal('the page of undefined')
      expect((await site.ask({ headers: { [name]: 'bob' } })).text).to.equal('the page of bob')
      expect((await site.ask({ headers: { [name]: 'ann' } })).text).to.equal('the page of ann')
      expect(site.runs).to.equal(3)
    })
  }
})

describePages('A page that varies on a condition of its visitor', framework => {
  for (const name of ['If-None-Match', 'Range', 'If-Modified-Since']) {
    it(`such as ${name} is kept for it`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.set('Vary', name).send('hello'))
      for (let turn = 0; turn < 2; turn++) expect((await site.ask({ headers: { [name]: 'x' } })).text).to.equal('hello')
      expect(site.runs).to.equal(1)
    })
  }
})

describePages('A request that says what its URL is to those who believe it', framework => {
  for (const name of [
    'X-Forwarded-Path',
    'X-Forwarded-Uri',
    'X-Original-Uri',
    'X-Forwarded-Protocol',
    'X-Url-Scheme',
    'X-Http-Host-Override',
    'Front-End-Https',
    'X-Rewrite-Url',
    'X-Forwarded-Prefix',
  ]) {
    it(`in ${name} leaves nothing for others`, async () => {
      const site = await framework.page({ ttl: '1m' }, visit => visit.send(`<a href="${sent(visit, name.toLowerCase())}/next">`))
      expect((await site.ask({ headers: { [name]: '//evil.example' } })).text).to.include('evil')
      expect((await site.ask()).text).not.to.include('evil')
    })
  }
})

describePages('A page that varies on what a visitor may send at will', framework => {
  it('tells long cookies apart by their last letter', async () => {
    const site = await framework.page({ ttl: '1m', vary: { cookies: true } }, visit => visit.send(sent(visit, 'cookie').slice(-1)))
    for (let turn = 0; turn < 2; turn++) {
      for (const last of ['1', '2']) {
        expect((await site.ask({ headers: { cookie: `session=${'x'.repeat(12_000)}${last}` } })).text).to.equal(last)
      }
    }
    expect(site.runs).to.equal(2)
  })

  it('is kept with headers of any name, and given to whoever sends them', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => {
      visit.response.setHeader('__proto__', 'own')
      visit.response.setHeader('constructor', 'own')
      visit.send('hello')
    })
    for (let turn = 0; turn < 2; turn++) {
      const { fields } = await site.ask({
        headers: Object.fromEntries([
          ['__proto__', 'x'],
          ['constructor', 'y'],
          ['hasOwnProperty', 'z'],
        ]),
      })
      expect(fields).to.deep.include(['__proto__', 'own'])
      expect(fields).to.deep.include(['constructor', 'own'])
    }
    expect(site.runs).to.equal(1)
  })
})
