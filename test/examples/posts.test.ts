import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { endWithUs } from '../servers/keeper.js'

const example = (name: string) => new URL(`../../examples/posts/${name}.js`, import.meta.url).pathname

describe('The short examples', () => {
  let child: ChildProcess | undefined

  afterEach(async () => {
    if (child === undefined || child.exitCode !== null) return
    child.kill()
    await once(child, 'exit')
  })

  /** Starts the program as a user would, and returns the address it prints. */
  async function start(name: string): Promise<string> {
    child = spawn(process.execPath, [example(name)], { env: { ...process.env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
    endWithUs(child)
    if (child.stdout === null) throw new Error('No output')
    const [address] = (await once(createInterface(child.stdout), 'line')) as [string]
    return address.replace(/\/posts$/, '')
  }

  const ask = async (url: string, init?: RequestInit) => {
    const response = await fetch(url, { redirect: 'manual', ...init })
    return { status: response.status, cache: response.headers.get('cache-status') ?? '', text: await response.text() }
  }

  for (const framework of ['express', 'koa']) {
    it(`keep the list of posts on ${framework}, and never show an old one after a write`, async () => {
      const site = await start(framework)
      const miss = await ask(`${site}/posts`)
      const hit = await ask(`${site}/posts`)
      expect(miss.cache).to.equal('smart-cache; fwd=uri-miss; stored')
      expect(hit.cache).to.match(/^smart-cache; hit; ttl=\d+$/)
      expect(hit.text).to.equal(miss.text)
      expect((await ask(`${site}/posts/1?title=Renamed`, { method: 'PUT' })).status).to.equal(204)
      const fresh = await ask(`${site}/posts`)
      expect(fresh.cache).to.equal('smart-cache; fwd=uri-miss; stored')
      expect(fresh.text).to.include('Renamed')
    })
  }

  it('keep functions, fragments, limits and sessions', async () => {
    const lines = async (name: string) => {
      child = spawn(process.execPath, [example(name)], { stdio: ['ignore', 'pipe', 'inherit'] })
      if (child.stdout === null) throw new Error('No output')
      const printed: string[] = []
      for await (const line of createInterface(child.stdout)) printed.push(line)
      return printed
    }
    expect(await lines('limits')).to.deep.equal(['true', 'true', 'true', 'false', "true false { user: 'Ada' }"])
    expect(await lines('fragments')).to.deep.equal([
      '<p>Hello Ada</p><ul><li>Why is it slow?</li><li>Because it asks the database again</li></ul> 2',
      '<p>Hello Ada</p><ul><li>Why is it slow?</li><li>Because it asks the database again</li><li>Kept in parts</li></ul> 3',
    ])
    const functions = await lines('functions')
    expect(functions).to.include('post:1 undefined')
    expect(functions.at(-1)).to.equal("[ { id: 1, title: 'Renamed' } ]")
  })

  it('keep one page with a form for all, and each visitor’s token in it', async () => {
    const site = await start('holes')
    const visit = async () => {
      const response = await fetch(`${site}/posts`)
      const text = await response.text()
      const cookie = response.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
      return { cache: response.headers.get('cache-status'), cookie, csrf: /value="([\w-]+)"/.exec(text)?.[1] ?? '' }
    }
    const [ann, bea] = [await visit(), await visit()]
    expect(bea.cache).to.match(/; hit;/)
    const add = (cookie: string, csrf: string) =>
      ask(`${site}/posts`, { method: 'POST', headers: { Cookie: cookie }, body: new URLSearchParams({ csrf, title: 'new' }) })
    expect((await add(ann.cookie, bea.csrf)).status).to.equal(403)
    expect((await add(ann.cookie, ann.csrf)).status).to.equal(303)
    expect((await visit()).cache).to.match(/stored/)
    expect((await add(bea.cookie, bea.csrf)).status).to.equal(303)
  })

  it('answer before the work to who has the latest post', async () => {
    const site = await start('express')
    const since = async (date: string) => {
      const [response] = (await once(get(`${site}/latest`, { headers: { 'If-Modified-Since': date } }), 'response')) as [IncomingMessage]
      response.resume()
      return response.statusCode
    }
    expect(await since('Wed, 31 Dec 2025 23:59:59 GMT')).to.equal(200)
    expect(await since('Thu, 01 Jan 2026 00:00:00 GMT')).to.equal(304)
  })

  it('purge the list when a post is added, and a page of one post by the tag that its handler gave it', async () => {
    const site = await start('express')
    await ask(`${site}/posts`)
    await ask(`${site}/posts/1`)
    expect((await ask(`${site}/posts?title=Third`, { method: 'POST' })).status).to.equal(303)
    expect((await ask(`${site}/posts`)).text).to.include('Third')
    expect((await ask(`${site}/posts/1`)).cache).to.include('hit')
    await ask(`${site}/posts/1?title=Renamed`, { method: 'PUT' })
    expect((await ask(`${site}/posts/1`)).text).to.include('Renamed')
  })

  it('answer hits in front of Express', async () => {
    const site = await start('front')
    const [miss, hit] = [await ask(`${site}/posts`), await ask(`${site}/posts`)]
    expect([hit.cache.replace(/\d+/, ''), hit.text]).to.deep.equal(['smart-cache; hit; ttl=', miss.text])
    expect((await ask(`${site}/seen`)).text).to.equal('Express has seen 2 requests')
  })

  it('give each session its own page', async () => {
    const site = await start('express')
    for (const session of ['a', 'b', 'a', 'b']) {
      expect((await ask(`${site}/me`, { headers: { cookie: `session=${session}` } })).text).to.equal(`You came with session=${session}`)
    }
    expect((await ask(`${site}/me`, { headers: { cookie: 'session=a' } })).cache).to.include('hit')
  })

  for (const program of ['checked', 'checked-pages', 'checked-races']) {
    it(`test themselves: ${program}`, async () => {
      child = spawn(process.execPath, [example(program)], { stdio: ['ignore', 'ignore', 'inherit'] })
      expect(await once(child, 'exit')).to.deep.equal([0, null])
    })
  }

  it('show values, tags that bubble, namespaces and signals', async () => {
    child = spawn(process.execPath, [example('values')], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new Error('No output')
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) lines.push(line)
    expect(lines).to.deep.equal([
      "[ 'Why is it slow?', 'Because it asks the database again' ]",
      'Why is it slow? | Because it asks the database again',
      'It was slow | Because it asks the database again',
      'hello undefined',
      'miss nothing: absent',
    ])
  })

  it('tell what their schedules name next', async () => {
    child = spawn(process.execPath, [example('schedules')], { stdio: ['ignore', 'pipe', 'inherit'] })
    if (child.stdout === null) throw new Error('No output')
    const lines: string[] = []
    for await (const line of createInterface(child.stdout)) lines.push(line)
    expect(lines.join('\n')).to.match(/^2\nmorning \d{4}-\d\d-\d\dT0[45]:00:00\.000Z\n2026-03-29T01:00:00\.000Z$/)
  })
})
