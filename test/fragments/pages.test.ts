import { expect } from 'chai'
import { describePages } from '../pages/frameworks.js'

describePages('A page of fragments', framework => {
  async function started() {
    const renders: string[] = []
    const site = await framework.page({ ttl: '1h' }, async visit => {
      const part = (name: string) =>
        site.cache.fragment(name, { tags: [`tag:${name}`], ttl: '1h' }, async () => {
          renders.push(name)
          await Promise.resolve()
          return `<${name}>`
        })
      visit.send((await Promise.all([part('head'), part('list'), part('foot')])).join(''))
    })
    return { site, renders }
  }

  it('ends with one of them, and is made of the others as they are kept', async () => {
    const { site, renders } = await started()
    const whole = '<head><list><foot>'
    expect((await site.ask()).text).to.equal(whole)
    expect((await site.ask()).outcome).to.equal('hit; ttl=3600')
    await site.cache.invalidate('tag:list')
    expect((await site.ask()).text).to.equal(whole)
    expect(renders).to.deep.equal(['head', 'list', 'foot', 'list'])
    expect((await site.ask()).outcome).to.equal('hit; ttl=3600')
  })

  it('renders no part again that another page has rendered', async () => {
    const { site, renders } = await started()
    await site.ask({ path: '/one' })
    await site.ask({ path: '/two' })
    expect([site.runs, renders]).to.deep.equal([2, ['head', 'list', 'foot']])
    await site.cache.invalidate({ fragment: 'foot' })
    await site.ask({ path: '/one' })
    await site.ask({ path: '/two' })
    expect([site.runs, renders.length]).to.deep.equal([4, 4])
  })
})
