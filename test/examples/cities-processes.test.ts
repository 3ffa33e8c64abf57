import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { redisOrSkip } from '../servers/redis.js'
import type { TestServer } from '../servers/test-server.js'
import { CitiesProcess } from './cities-process.js'
import { askAnew, SECRET } from './fresh-connection.js'
import type { Answered } from './fresh-connection.js'

const ZURICH = '/cities/9475'
const NEIGHBOUR = '/cities/9481'
const UNRELATED = '/countries/DE'
const OTHERS = ['FR', 'IT', 'ES', 'PT', 'GB', 'IE', 'NL', 'BE', 'DK', 'SE', 'NO', 'FI', 'PL', 'CZ', 'AT', 'HU'].map(
  code => `/countries/${code}`,
)

/** On a busy machine Redis may be slow to answer: what took so long may not have been kept. */
const SLOW_MS = 200
const SLOW = /^Redis cannot be used \(.*no answer.*\)\. .+\nRedis is back\.\n/m

describe('The cities example as several processes', () => {
  let redis: TestServer | undefined
  let folder: string
  const started: CitiesProcess[] = []

  const start = (...args: readonly string[]): CitiesProcess => {
    const cities = new CitiesProcess(['--port', '0', ...args], { DATABASE: join(folder, 'cities.sqlite'), CITIES_SECRET: SECRET })
    started.push(cities)
    return cities
  }

  before(async function () {
    // A server of our own: it is going to be treated badly.
    redis = await redisOrSkip(this, { own: true })
    folder = await mkdtemp(join(tmpdir(), 'cities-'))
  })

  after(async () => {
    if (redis === undefined) return
    for (const cities of started) cities.signal('SIGKILL')
    await Promise.all(started.map(async cities => cities.ended()))
    await Promise.all([redis.stop(), rm(folder, { recursive: true })])
  })

  for (const { framework, args, count } of [
    { framework: 'Express', args: [], count: 4 },
    { framework: 'Koa', args: ['--koa'], count: 2 },
  ]) {
    describe(`on ${framework}`, () => {
      let cities: CitiesProcess
      let address: string
      const everybody = Array.from({ length: count }, (_, index) => `${index + 1} of ${count}`)

      /** Not past the cache, for Redis was slow. */
      const ask = async (path: string, form?: Readonly<Record<string, string>>): Promise<Answered> => {
        for (;;) {
          const answer = await askAnew(address + path, form)
          if (answer.status !== 503 && (form !== undefined || answer.outcome !== 'bypass')) return answer
        }
      }
      /** The first answer from each process that is as wanted. */
      const askEach = async (path: string, wanted: (answer: Answered) => boolean = () => true): Promise<readonly Answered[]> => {
        const answers = new Map<string | undefined, Answered>()
        while (answers.size < count) {
          const answer = await ask(path)
          if (!answers.has(answer.by) && wanted(answer)) answers.set(answer.by, answer)
        }
        expect([...answers.keys()]).to.have.members(everybody)
        return [...answers.values()]
      }
      const hitsFromEach = async (path: string): Promise<readonly Answered[]> => askEach(path, ({ outcome }) => outcome === 'hit')

      before(async () => {
        cities = start('--processes', String(count), '--redis', redis?.url ?? '', ...args)
        address = await cities.address()
      })

      it('fills the database once, and says how many answer', () => {
        expect(cities.output).to.match(new RegExp(`Cities on ${framework}, in ${count} processes: http://localhost:\\d+/\\n$`))
        expect(cities.output.match(/Filling the database: 0%/g) ?? []).to.have.lengthOf(framework === 'Express' ? 1 : 0)
        expect(cities.errors.replace(SLOW, '')).to.equal('')
      })

      it('answers from every process with what one of them has made', async () => {
        // What fills the holes of such a page a process knows when it has made one.
        await hitsFromEach('/countries/LI')
        let shared = 0
        for (const path of OTHERS) {
          const askedAt = performance.now()
          const made = await ask(path)
          if (performance.now() - askedAt > SLOW_MS) continue
          shared++
          expect(made.outcome).to.equal('miss')
          for (const { by, outcome, body } of await askEach(path)) {
            expect(outcome, `by process ${by}`).to.equal('hit')
            expect(body).to.equal(made.body)
          }
          if (shared === 2) return
        }
        expect.fail('The machine is too busy to see anything')
      })

      it('shows the old number nowhere after an edit in one, and keeps what the edit cannot change', async () => {
        for (const [population, shown] of [
          ['1234567', '1,234,567'],
          ['341730', '341,730'],
        ] as const) {
          await hitsFromEach(ZURICH)
          await hitsFromEach(NEIGHBOUR)
          await hitsFromEach(UNRELATED)
          const edited = await ask(ZURICH, { population })
          expect(edited.status).to.equal(303)
          expect(everybody).to.include(edited.by)

          for (const path of [ZURICH, NEIGHBOUR]) {
            for (const { by, body } of await askEach(path)) expect(body.includes(shown), `${path}, by process ${by}`).to.equal(true)
          }
          for (const { by, outcome } of await askEach(UNRELATED)) expect(outcome, `by process ${by}`).to.equal('hit')
        }
      })

      it('says on the page that an edit in one is seen in all, once a process has said its name', async () => {
        const { body } = await ask('/')
        expect(body.replace(/\s+/g, ' ')).to.match(
          /<p class="source" id="processes" hidden>[^<]+An edit in one is seen in all at once\. <\/p>/,
        )
        const [, script] = /<script src="([^"]+)" defer>/.exec(body) ?? []
        expect((await askAnew(address + script)).body).to.include("timings.get('process')")
      })

      it('ends cleanly at Ctrl-C, all of them', async () => {
        cities.signal('SIGINT')
        // It has ended when the last process has closed the output that they share.
        expect(await cities.ended()).to.equal(0)
        expect(cities.errors.replace(SLOW, '')).to.equal('')
      })
    })
  }

  describe('in trouble', () => {
    let cities: CitiesProcess
    let address: string

    const lines = (): readonly string[] => cities.errors.split('\n').slice(0, -1)
    const outcome = async (): Promise<string | undefined> => (await askAnew(address + ZURICH)).outcome

    it('says once that the port is in use', async () => {
      const taken = createServer().listen(0)
      await once(taken, 'listening')
      const late = start('--processes', '2', '--redis', redis?.url ?? '', '--port', String((taken.address() as AddressInfo).port))
      expect(await late.ended()).to.equal(1)
      expect(late.errors).to.match(/^Port \d+ is in use\. Choose another one: npm start -- --port \d+\n$/)
      taken.close()
    })

    it('purges what Redis held as soon as that can be done, if it cannot at first', async () => {
      const admin = new Redis(redis?.url ?? '')
      try {
        await admin.config('SET', 'min-replicas-to-write', '1')
        const early = start('--redis', redis?.url ?? '')
        await early.address()
        expect(early.errors).to.match(/^Redis cannot be used \(.*NOREPLICAS.*\)\. The application goes on, without hits\.\n$/)
        await admin.config('SET', 'min-replicas-to-write', '0')
        await early.complains(/(Redis is back\.)/)
        early.signal('SIGINT')
        expect(await early.ended()).to.equal(0)
      } finally {
        admin.disconnect()
      }
    })

    it('starts where Redis cannot be reached, works without hits, and says so once', async () => {
      await redis?.kill()
      cities = start('--processes', '2', '--redis', redis?.url ?? '')
      address = await cities.address()
      for (let asked = 0; asked < 4; asked++) expect(await askAnew(address + ZURICH)).to.include({ status: 200, outcome: 'bypass' })
      expect(lines()).to.have.lengthOf(1)
      expect(cities.errors).to.match(/^Redis cannot be used \(connect ECONNREFUSED .+\)\. The application goes on, without hits\.\n$/)
    })

    it('saves no edit that not every page could show', async () => {
      const edited = await askAnew(address + ZURICH, { population: '341731' })
      expect(edited.status).to.equal(503)
      expect(edited.body).to.include('Not saved')
      expect((await askAnew(address + ZURICH)).body).to.not.include('341,731')
    })

    it('says of an edit that it is saved, and that not every page can show it, where the application purges by tags', async () => {
      const alone = start('--by-hand', '--redis', redis?.url ?? '')
      const its = await alone.address()
      const edited = await askAnew(its + ZURICH, { population: '341731' })
      expect(edited.status).to.equal(503)
      expect(edited.body).to.include('Saved, but not everywhere to be seen')
      expect((await askAnew(its + ZURICH)).body).to.include('341,731')
      alone.signal('SIGINT')
      expect(await alone.ended()).to.equal(0)
    })

    it('has hits as soon as Redis is there, and says so once', async () => {
      await redis?.restart()
      await cities.complains(/(Redis is back\.)/)
      while ((await outcome()) !== 'hit') continue
      expect(lines()).to.have.lengthOf(2)
    })

    it('goes on when Redis goes away, and says so once', async () => {
      await redis?.kill()
      // What a process has in its memory is good for as long as its membership lasts.
      while ((await outcome()) !== 'bypass' || (await outcome()) !== 'bypass') continue
      await cities.complains(/(back\.\nRedis cannot be used .+\n)/)
      expect(lines()).to.have.lengthOf(3)
    })

    it('ends as a whole when one of the processes is killed, and says why', async function () {
      const [child] = await childrenOf(cities.pid)
      if (child === undefined) return this.skip()
      process.kill(child, 'SIGKILL')
      expect(await cities.ended()).to.equal(1)
      expect(lines().at(-1)).to.match(/^Process [12] of the application has ended \(SIGKILL\), and so the others do\.$/)
    })
  })
})

/** The processes that a process has started; none where the system does not say. */
async function childrenOf(pid = 0): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  return children.trim().split(' ').filter(Boolean).map(Number)
}
