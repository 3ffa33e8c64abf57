import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { CitiesProcess } from './cities-process.js'

const PAGES = [
  { path: '/', shows: 'Cities of the world' },
  { path: '/countries', shows: '246 countries and territories' },
  { path: '/countries?by=cities', shows: '16,193' },
  { path: '/countries/CH', shows: 'Switzerland' },
  { path: '/countries/CH?page=2', shows: 'Page 2 of 28' },
  { path: '/countries/DE', shows: 'Berlin' },
  { path: '/cities/9475', shows: 'Zollikon' },
  { path: '/cities/9481', shows: 'Zürich' },
  { path: '/search?q=zurich', shows: 'cities with “zurich” in the name' },
  { path: '/search?q=zurich&country=CH', shows: 'in Switzerland' },
  { path: '/search?q=winterthur', shows: 'Winterthur' },
  { path: '/search', shows: 'All countries' },
  { path: '/nearest', shows: 'Point Nemo' },
  { path: '/nearest?lat=47.4&lon=8.55', shows: 'Opfikon' },
] as const

/** Of the pages above, those that show the population of Zürich … */
const PAGES_WITH_ZURICH = [
  '/countries/CH',
  '/cities/9475',
  '/cities/9481',
  '/search?q=zurich',
  '/search?q=zurich&country=CH',
  '/nearest?lat=47.4&lon=8.55',
]

/** … and those that it would change, could it be among the largest, or changes by what they add up. */
const PAGES_WITH_RANKS = ['/', '/countries', '/countries?by=cities', '/countries/CH?page=2']

/** What is made of another country's cities, or of none. */
const PAGES_OF_OTHERS: readonly string[] = ['/countries/DE', '/nearest']

const REFUSALS = [
  { path: '/nowhere', status: 404, says: 'There is no page at this address.' },
  { path: '/cities/0', status: 404, says: 'No city has this number.' },
  { path: '/cities/zurich', status: 404, says: 'No city has this number.' },
  { path: '/countries/QQ', status: 404, says: 'No country with cities has this code.' },
  { path: '/countries/CH?page=99', status: 404, says: 'shorter than that' },
  { path: '/countries/CH?page=two', status: 400, says: '“two” is not the number of a page.' },
  { path: '/countries?by=flag', status: 400, says: 'not by “flag”' },
  { path: '/nearest?lat=91&lon=0', status: 400, says: 'The latitude must be a number' },
  { path: '/nearest?lat=1', status: 400, says: 'The longitude must be a number' },
  { path: '/search?q=a&country=%3Cb%3E', status: 400, says: 'no country “&#60;b&#62;”' },
  { path: `/search?q=${'a'.repeat(81)}`, status: 400, says: 'longer than 80' },
] as const

/** Who asks, unless it is said. */
const ANN = 'visitor=7d0a3c1e-0000-4000-8000-000000000001; name=Ann'
const BEA = 'visitor=7d0a3c1e-0000-4000-8000-000000000002; name=%3Cb%3EBea'

/** While a page with holes is made its length is not known. */
const OF_THE_MOMENT = new Set(['age', 'cache-status', 'content-length', 'date', 'server-timing', 'transfer-encoding'])

describe('The cities example', () => {
  let folder: string
  const started: CitiesProcess[] = []

  const start = (args: readonly string[], database: string): CitiesProcess => {
    const cities = new CitiesProcess(args, { DATABASE: join(folder, database) })
    started.push(cities)
    return cities
  }

  before('fills a database', async () => {
    folder = await mkdtemp(join(tmpdir(), 'cities-'))
    const cities = start(['--port', '0'], 'express.sqlite')
    await cities.says(/(Filling the database: 0%)/)
    await cities.says(/(Filling the database: 100%)/)
    await cities.address()
    cities.signal('SIGTERM')
    expect(await cities.ended()).to.equal(0)
    for (const copy of ['koa.sqlite', 'by-hand.sqlite']) await copyFile(join(folder, 'express.sqlite'), join(folder, copy))
  })

  after(async () => {
    for (const cities of started) cities.signal('SIGKILL')
    await Promise.all(started.map(async cities => cities.ended()))
    await rm(folder, { recursive: true })
  })

  for (const { framework, args, database, byHand = false } of [
    { framework: 'Express', args: [], database: 'express.sqlite' },
    { framework: 'Koa', args: ['--koa'], database: 'koa.sqlite' },
    { framework: 'Express', args: ['--by-hand'], database: 'by-hand.sqlite', byHand: true },
  ]) {
    describe(`on ${framework}${byHand ? ', where the application purges by tags' : ''}`, () => {
      let cities: CitiesProcess
      let address: string

      const get = async (path: string, cookie = ANN): Promise<Response> => fetch(address + path, { headers: { Cookie: cookie } })
      const textOf = async (path: string): Promise<string> => (await get(path)).text()
      const outcomeOf = async (path: string): Promise<string | undefined> => {
        const response = await get(path)
        await response.arrayBuffer()
        return /cache;desc="(\w+)"/.exec(response.headers.get('server-timing') ?? '')?.[1]
      }
      const tokenOf = async (cookie: string, path = '/countries/AT'): Promise<string> =>
        /name="token" value="([\w-]{43})"/.exec(await (await get(path, cookie)).text())?.[1] ?? ''
      const post = async (path: string, form: Readonly<Record<string, string>>, cookie = ANN): Promise<Response> =>
        fetch(address + path, { method: 'POST', body: new URLSearchParams(form), headers: { Cookie: cookie }, redirect: 'manual' })
      const edit = async (id: number, population: string): Promise<Response> =>
        post(`/cities/${id}`, { population, token: await tokenOf(ANN) })

      before(async () => {
        cities = start([...args, '--port', '0'], database)
        address = await cities.address()
      })

      it('says where to look, and does not fill a full database again', () => {
        expect(cities.output).to.match(new RegExp(`^Cities on ${framework}: http://localhost:\\d+/\\n$`))
      })

      for (const { path, shows } of PAGES) {
        it(`answers the second GET ${path} with what it kept of the first`, async () => {
          const first = await get(path)
          const made = await first.text()
          const second = await get(path)

          expect(first.status).to.equal(200)
          expect(first.headers.get('server-timing')).to.match(/^cache;desc="miss"/)
          expect(made).to.include(shows)
          expect(second.headers.get('server-timing')).to.match(/^cache;desc="hit", age;dur=\d+, load;dur=[\d.]+$/)
          expect(second.headers.get('cache-status')).to.match(/^smart-cache; hit/)
          expect(await second.text()).to.equal(made)
          expect(lasting(second.headers)).to.deep.equal(lasting(first.headers))
          expect(first.headers.get('cache-control')).to.equal(made.includes('name="token"') ? 'private' : null)
        })
      }

      it('keeps the page of a country until midnight there, or until its rank is counted anew', async () => {
        await get('/countries/JP')
        const { headers } = await get('/countries/JP')
        const [, ttl = ''] = /; ttl=(\d+)/.exec(headers.get('cache-status') ?? '') ?? []
        const untilHour = (hour: number): number => (hour * 3_600 - ((Date.now() / 1_000) % 86_400) + 86_400) % 86_400
        const [midnightInTokyo, count] = [15, 4].map(untilHour)
        expect(Number(ttl)).to.be.closeTo(Math.min(midnightInTokyo ?? 0, count ?? 0), 30)
      })

      it('has each page say in its footer how it was answered, with a script and without', async () => {
        const page = await textOf('/')
        const [, script] = /<script src="([^"]+)" defer>/.exec(page) ?? []
        expect(page).to.include('<footer').and.include('<code>curl -i</code>')
        const response = await get(script ?? '')
        expect(await response.text()).to.include('serverTiming')
        expect(response.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
      })

      it('writes names into its pages as text', async () => {
        const page = await textOf("/search?q=l'aquila")
        expect(page).to.include('L&#39;Aquila').and.not.include("L'Aquila")
      })

      const pathsThatShow = async (text: string): Promise<readonly string[]> => {
        const pages = await Promise.all(PAGES.map(async ({ path }) => ({ path, page: await textOf(path) })))
        return pages.filter(({ page }) => page.includes(text)).map(({ path }) => path)
      }

      it('shows the new number everywhere after an edit, and the old one nowhere', async () => {
        expect(await pathsThatShow('341,730')).to.deep.equal(PAGES_WITH_ZURICH)
        const answer = await edit(9475, '23456789')
        expect(answer.status).to.equal(303)
        expect(answer.headers.get('location')).to.equal('/cities/9475#saved')

        expect(await pathsThatShow('341,730')).to.deep.equal([])
        // It is the only city of its size there, and so makes up a bar of the chart.
        const shown = ['/', '/countries/CH?page=2', ...PAGES_WITH_ZURICH]
        expect(await pathsThatShow('23,456,789')).to.have.members(shown)
      })

      it('shows a city that grows into a ranking it was not in', async () => {
        const rankings = ['/', '/countries/CH', '/search?q=ll', '/search?q=o&country=CH']
        for (const path of rankings) expect(await textOf(path)).not.to.include('Zollikon')
        await edit(9481, '30000000')
        for (const path of rankings) expect(await textOf(path)).to.include('Zollikon')
        await edit(9481, '5812')
        for (const path of rankings) expect(await textOf(path)).not.to.include('Zollikon')
      })

      it(byHand ? 'purges exactly the pages that an edit can change' : 'purges every page that reads what an edit can change', async () => {
        await pathsThatShow('')
        await edit(9475, '341730')
        const purged = []
        for (const { path } of PAGES) if ((await outcomeOf(path)) === 'miss') purged.push(path)
        const changed = [...PAGES_WITH_ZURICH, ...PAGES_WITH_RANKS]
        expect(purged).to.deep.equal(
          PAGES.map(({ path }) => path).filter(path => (byHand ? changed.includes(path) : !PAGES_OF_OTHERS.includes(path))),
        )
      })

      it('refuses what is no population, and purges nothing', async () => {
        await textOf('/cities/9475')
        const answer = await edit(9475, '<b>')
        expect(answer.status).to.equal(422)
        expect(await answer.text())
          .to.include('“&#60;b&#62;” is not a whole number.')
          .and.include('value="&#60;b&#62;"')
        expect(await outcomeOf('/cities/9475')).to.equal('hit')
      })

      for (const { path, status, says } of REFUSALS) {
        it(`answers ${path.slice(0, 40)} with a page that says what is wrong`, async () => {
          const answer = await get(path)
          expect(answer.status).to.equal(status)
          expect(await answer.text()).to.include(says)
        })
      }

      it('has each visitor’s own greeting and token in the same kept page', async () => {
        const pages: string[] = []
        for (const cookie of [ANN, BEA, ANN, 'visitor=7d0a3c1e-0000-4000-8000-000000000003'])
          pages.push(await (await get('/countries/PT', cookie)).text())
        const [ann = '', bea = '', again, nameless = ''] = pages
        expect(again).to.equal(ann)
        expect(ann).to.include('<summary>Hello, Ann!</summary>')
        expect(bea).to.include('<summary>Hello, &#60;b&#62;Bea!</summary>')
        expect(nameless).to.include('<summary>Hello! What may we call you?</summary>')
        const tokens = pages.map(page => page.match(/(?<=name="token" value=")[\w-]{43}(?=")/g) ?? [])
        for (const [first, second, ...others] of tokens) expect([second, others]).to.deep.equal([first, []])
        expect(new Set(tokens.flat()).size).to.equal(3)
        expect((await get('/countries/PT', BEA)).headers.get('server-timing')).to.match(/^cache;desc="hit"/)
      })

      it('gives who comes without a cookie one of their own, on a hit as well', async () => {
        const cookies = []
        for (let asked = 0; asked < 2; asked++) cookies.push((await get('/countries/PT', '')).headers.get('set-cookie') ?? '')
        expect(new Set(cookies).size).to.equal(2)
        for (const cookie of cookies) expect(cookie).to.match(/^visitor=[\w-]{36}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/)
        const [own = ''] = cookies[0]?.split(';') ?? []
        expect((await post('/cities/9475', { population: 'none', token: await tokenOf(own) }, own)).status).to.equal(422)
        expect((await get('/')).headers.get('set-cookie')).to.equal(null)
      })

      it('accepts no form without the token of who sends it', async () => {
        await textOf('/countries/PT')
        const forms = {
          '/cities/9475': { population: '1' },
          '/countries/CH': { city: '9475', population: '1' },
          '/greeting': { name: 'Eve', back: '/countries/CH' },
        }
        const tokens = [{}, { token: '' }, { token: 'x'.repeat(43) }, { token: await tokenOf(BEA) }]
        for (const [path, form] of Object.entries(forms)) {
          for (const token of tokens) {
            const answer = await post(path, { ...form, ...token })
            expect([answer.status, answer.headers.get('set-cookie')]).to.deep.equal([403, null])
            expect(await answer.text()).to.include('This form was not sent from a page that was made for you.')
          }
          expect((await post(path, { ...form, token: await tokenOf('') }, '')).status).to.equal(403)
        }
        expect(await outcomeOf('/countries/PT')).to.equal('hit')
        expect(await textOf('/cities/9475')).to.include('341,730')
      })

      it('saves from the page of a country what is sent with its token, and leads back to it', async () => {
        const token = await tokenOf(ANN, '/countries/CH?page=2')
        const answer = await post('/countries/CH?page=2', { city: '9475', population: '341731', token })
        expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/countries/CH?page=2#saved'])
        expect(await textOf('/countries/CH')).to.include('341,731')
        const refused = await post('/countries/CH', { city: '9475', population: '-1', token })
        expect(refused.status).to.equal(422)
        expect(await refused.text())
          .to.include('“-1” is not a whole number.')
          .and.include('<option value="9475" selected>')
        expect((await post('/countries/DE', { city: '9475', population: '1', token })).status).to.equal(400)
        await edit(9475, '341730')
      })

      it('remembers a name, and leads back to the page where it was said, and nowhere else', async () => {
        const token = await tokenOf(ANN)
        const answer = await post('/greeting', { name: ' Zoë; <i> ', back: '/countries/CH?page=2', token })
        expect([answer.status, answer.headers.get('location')]).to.deep.equal([303, '/countries/CH?page=2'])
        expect(answer.headers.get('set-cookie')).to.match(/^name=Zo%C3%AB%3B%20%3Ci%3E; Path=/)
        for (const wrong of [
          { name: 'Ann', back: '//example.org/' },
          { name: 'Ann', back: 'https://example.org/countries/CH' },
          { name: ' ', back: '/countries/CH' },
          { name: 'a'.repeat(41), back: '/countries/CH' },
        ]) {
          expect((await post('/greeting', { ...wrong, token })).status).to.equal(400)
        }
      })

      it('answers an edit of a city that is not there with a page that says so', async () => {
        expect((await edit(0, '1')).status).to.equal(404)
      })

      it('leads a country code in small letters to its page', async () => {
        expect((await get('/countries/ch')).url).to.equal(`${address}/countries/CH`)
      })

      it('says so when the port is in use', async () => {
        const second = start([...args, '--port', new URL(address).port], database)
        expect(await second.ended()).to.equal(1)
        expect(second.errors).to.match(/^Port \d+ is in use\. Choose another one: npm start -- --port \d+\n$/)
      })

      it('ends cleanly at Ctrl-C', async () => {
        cities.signal('SIGINT')
        expect(await cities.ended()).to.equal(0)
        expect(cities.errors).to.equal('')
      })
    })
  }

  it('begins again after a fill that was interrupted', async () => {
    const interrupted = start(['--port', '0'], 'interrupted.sqlite')
    await interrupted.says(/(Filling the database: 25%)/)
    interrupted.signal('SIGINT')
    expect(await interrupted.ended()).to.equal(0)
    expect(interrupted.output).not.to.include('http://')

    const next = start(['--port', '0'], 'interrupted.sqlite')
    await next.says(/(Filling the database: 100%)/)
    expect(await (await fetch(await next.address())).text()).to.include('138,398 cities')
    next.signal('SIGINT')
    expect(await next.ended()).to.equal(0)
  })

  it('says in a sentence what it cannot understand', async () => {
    const cities = start(['--prot', '1'], 'never.sqlite')
    expect(await cities.ended()).to.equal(1)
    expect(cities.errors)
      .to.match(/^Unknown option '--prot'/)
      .and.not.include('    at ')
  })

  it('explains itself at --help', async () => {
    const cities = start(['--help'], 'never.sqlite')
    expect(await cities.ended()).to.equal(0)
    expect(cities.output).to.include('npm start -- --koa')
  })
})

function lasting(headers: Headers): readonly (readonly [string, string])[] {
  return [...headers].filter(([name]) => !OF_THE_MOMENT.has(name))
}
