import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import type { AnyVisit } from 'smart-cache'
import { gate } from 'smart-cache/testing'
import type { Policy, Visit } from './framework.js'
import { describeFronts, describeHits, describePages } from './frameworks.js'

const AROUND = 'Around the hole there is much that can be said in fewer words. '.repeat(200)
const LONG = 'ü'.repeat(70_000)
const secretOf = ({ headers }: AnyVisit) => (headers['x-secret'] === 'long' ? LONG : String(headers['x-secret']))

describeHits('An encoded page with holes', framework => {
  const page = (policy: Policy = {}) =>
    framework.page({ ttl: '1h', ...policy }, visit => {
      const hole = visit.cache.hole('secret', secretOf, { front: true })
      visit.set('Content-Type', 'text/html; charset=utf-8').send(`${AROUND}${hole}${AROUND}${hole}`)
    })
  const ask = (site: Awaited<ReturnType<typeof page>>, secret: string, accepted = 'gzip, br, zstd') =>
    site.ask({ headers: { 'X-Secret': secret, 'Accept-Encoding': accepted } })

  it('is encoded once, around its holes', async () => {
    const site = await page()
    await ask(site, 'first')
    await ask(site, 'second')
    const encodes = async () => (await ask(site, 'other')).headers['content-encoding'] === 'gzip'
    while (!(await encodes())) await new Promise(setImmediate)
    for (const secret of ['x', 'a longer one, of the third visitor', 'long', '']) {
      const reply = await ask(site, secret)
      expect(reply.headers['content-encoding']).to.equal('gzip')
      expect(Number(reply.headers['content-length'])).to.equal(reply.body.length)
      const filled = secret === 'long' ? LONG : secret
      expect(gunzipSync(reply.body).toString() === `${AROUND}${filled}${AROUND}${filled}`).to.equal(true)
      expect(reply.headers['vary']).to.equal('Accept-Encoding')
    }
    expect((await ask(site, 'short')).body.length).to.be.below(AROUND.length / 4)
    expect((await ask(site, 'short', 'br')).headers['content-encoding']).to.equal(undefined)
    expect(site.runs).to.equal(1)
  })

  it('says nothing of what is in them by how long it is', async () => {
    const site = await page()
    const lengths = new Set<number>()
    while ((await ask(site, 'begin')).headers['content-encoding'] !== 'gzip') await new Promise(setImmediate)
    for (const secret of ['Around the hole', 'aaaaaaaaaaaaaaa', 'q7Zx0PmV2sLr9Tb']) lengths.add((await ask(site, secret)).body.length)
    expect(lengths.size).to.equal(1)
  })

  it('is sent as it is where its policy encodes nothing', async () => {
    const site = await page({ encodings: false })
    for (let asked = 0; asked < 4; asked++) expect((await ask(site, 'x')).headers['content-encoding']).to.equal(undefined)
  })
})

describePages('An encoded page with a slow hole', framework => {
  it('is sent as far as it is known, and then the rest', async () => {
    let slow = gate<string>()
    const handler = (visit: Visit) => {
      const hole = visit.cache.hole('slow', async (_visit: AnyVisit) => slow)
      visit.set('Content-Type', 'text/html; charset=utf-8').send(`${AROUND}${hole}${AROUND}`)
    }
    const site = await framework.page({ ttl: '1h' }, handler)
    const ask = () => site.ask({ headers: { 'Accept-Encoding': 'gzip' } })
    slow.open('fast')
    while ((await ask()).headers['content-encoding'] !== 'gzip') await new Promise(setImmediate)
    slow = gate()
    const reply = ask()
    await site.arrivals(site.asked + 1)
    slow.open('slow')
    expect(gunzipSync((await reply).body).toString() === `${AROUND}slow${AROUND}`).to.equal(true)
  })
})

describeFronts('A page with holes in front of the framework', framework => {
  for (const [front, inside] of [
    [true, 1],
    [false, 3],
  ] as const) {
    it(`is ${front ? 'served there if every hole is fit for that' : 'left to the application if a hole is not fit for that'}`, async () => {
      let requests = 0
      const site = await framework.site(app => {
        app.use(
          app.step(() => void requests++),
          app.smartCache(),
          app.cachePage({ ttl: '1h' }),
        )
        app.handle(visit => {
          const holes = [visit.cache.hole('one', secretOf, { front: true }), visit.cache.hole('two', secretOf, { front })]
          visit.send(holes.join())
        })
      })
      for (const secret of ['a', 'b', 'c'])
        expect((await site.ask({ headers: { 'X-Secret': secret } })).text).to.equal(`${secret},${secret}`)
      expect([requests, site.runs]).to.deep.equal([inside, 1])
    })
  }
})
