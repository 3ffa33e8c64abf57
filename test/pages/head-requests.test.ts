import { expect } from 'chai'
import { Readable } from 'node:stream'
import { describeHits } from './frameworks.js'

describeHits('A HEAD request', framework => {
  it('is answered from the page that a GET has left', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.set('X-Own', 'yes').send('hello'))
    const got = await site.ask()
    const head = await site.ask({ method: 'HEAD' })
    expect(site.runs).to.equal(1)
    expect(head.outcome).to.equal('hit; ttl=60')
    expect(head.body).to.have.length(0)
    for (const name of ['content-type', 'content-length', 'x-own', 'etag']) expect(head.headers[name]).to.equal(got.headers[name])
  })

  it('leaves the whole page for the next GET', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.send('hello'))
    const head = await site.ask({ method: 'HEAD' })
    expect(head.body).to.have.length(0)
    expect(head.headers['content-length']).to.equal('5')
    const got = await site.ask()
    expect(got.text).to.equal('hello')
    expect(got.outcome).to.equal('hit; ttl=60')
    expect(site.runs).to.equal(1)
  })

  it('leaves the whole page of a stream for the next GET', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.stream(Readable.from([Buffer.from('hel'), Buffer.from('lo')])))
    expect((await site.ask({ method: 'HEAD' })).body).to.have.length(0)
    const got = await site.ask()
    expect(got.text).to.equal('hello')
    expect(site.runs).to.equal(1)
  })

  it('gets the length of a page that was streamed', async () => {
    const site = await framework.page({ ttl: '1m' }, visit => visit.stream(Readable.from([Buffer.from('hel'), Buffer.from('lo')])))
    await site.ask()
    const head = await site.ask({ method: 'HEAD' })
    expect(head.headers['content-length']).to.equal('5')
    expect(head.body).to.have.length(0)
  })

  it('shows the handler a GET', async () => {
    const methods: unknown[] = []
    const site = await framework.page({ ttl: '1m' }, visit => {
      methods.push(visit.request.method)
      visit.send('hello')
    })
    await site.ask({ method: 'HEAD' })
    expect(methods).to.deep.equal(['GET'])
  })

  it('for which the cache is not asked reaches the handler as it is', async () => {
    const site = await framework.page({ ttl: '1m', unless: () => true }, visit =>
      visit.set('X-Method', String(visit.request.method)).send('hello'),
    )
    const head = await site.ask({ method: 'HEAD' })
    expect(head.headers['x-method']).to.equal('HEAD')
    expect(head.headers['content-length']).to.equal('5')
    expect(head.body).to.have.length(0)
  })
})
