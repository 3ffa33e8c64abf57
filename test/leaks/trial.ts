import { expect } from 'chai'
import type { OutgoingHttpHeaders, RequestListener } from 'node:http'
import { Readable } from 'node:stream'
import { gate, type Gate } from 'smart-cache/testing'
import { decoded } from '../pages/decoded.js'
import type { App, Framework, Policy, Visit } from '../pages/framework.js'
import { Site, type Question, type Reply } from '../pages/site.js'
import { COOKIE, HEADER, type Asking, type Case } from './generator.js'
import { fieldsOf, give, sendOwn, setCookies } from './replying.js'

/** By this header a visitor has the handler fail. */
const FAILS = 'x-fails'

/** What came of a case. */
export interface Outcome {
  readonly asked: number
  /** How often a handler ran. */
  readonly runs: number
  /** How many were answered with what another request's handler had made. */
  readonly hits: number
}

interface Asked extends Asking {
  readonly reply: Reply
}

/** Asks for generated pages over real sockets, each page in an application of its own; all are kept in one cache. */
export class Trials {
  readonly #framework: Framework
  readonly #site = new Site()
  readonly #trials = new Map<string, Trial>()
  #count = 0

  constructor(framework: Framework) {
    this.#framework = framework
  }

  async open(): Promise<void> {
    await this.#site.listen((request, response) => {
      const trial = this.#trials.get(request.url?.split('/')[1] ?? '')
      if (trial === undefined) response.writeHead(500).end('no such trial')
      else trial.arrive(request, response)
    })
  }

  close(): Promise<void> {
    return this.#site.close()
  }

  /** Plays a case through. Throws if anybody was given what is another's. */
  async run(played: Case): Promise<Outcome> {
    const id = String(this.#count++)
    const trial = new Trial(id, played, this.#framework, this.#site)
    this.#trials.set(id, trial)
    try {
      return await trial.run()
    } finally {
      this.#trials.delete(id)
      this.#site.announced.length = 0
    }
  }
}

class Trial {
  readonly #id: string
  readonly #case: Case
  readonly #site: Site
  readonly #listener: RequestListener
  readonly #etags = new Map<number, string>()
  readonly #errors: unknown[] = []
  #waiting = 0
  #arrived: Gate = gate()
  #runs = 0

  constructor(id: string, played: Case, framework: Framework, site: Site) {
    this.#id = id
    this.#case = played
    this.#site = site
    const app = framework.app({
      cache: site.cache,
      ran: () => this.#runs++,
      failed: error => this.#errors.push(error),
      proxy: false,
    })
    this.#build(app)
    this.#listener = app.listener()
  }

  arrive(...exchange: Parameters<RequestListener>): void {
    this.#listener(...exchange)
    if (--this.#waiting === 0) setImmediate(() => this.#arrived.open())
  }

  async run(): Promise<Outcome> {
    const seen = new Set<number>()
    let asked = 0
    let mostRuns = 0
    const { rounds, passing } = this.#case
    for (const round of rounds) {
      if (passing !== undefined) this.#site.clock.advance(passing)
      this.#waiting = round.length
      this.#arrived = gate()
      const replies = await Promise.all(round.map(async asking => ({ ...asking, reply: await this.#site.ask(this.#question(asking)) })))
      expect(this.#errors).to.deep.equal([])
      for (const reply of replies) this.#check(reply)
      asked += round.length
      mostRuns += round.filter(asking => this.#passes(asking) || !this.#mayBeKnown(asking, seen)).length
      for (const asking of round) {
        if (this.#passes(asking)) continue
        seen.add(asking.visitor)
      }
      if (passing === undefined) expect(this.#runs, 'runs').to.be.at.most(mostRuns)
      for (const { visitor, reply } of replies) if (reply.headers['etag'] !== undefined) this.#etags.set(visitor, reply.headers['etag'])
    }
    if (this.#case.sharing === 'nobody') expect(this.#runs, 'runs').to.equal(asked)
    return { asked, runs: this.#runs, hits: asked - this.#runs }
  }

  /** Was the page that this request gets asked for in an earlier round? */
  #mayBeKnown({ visitor }: Asking, seen: ReadonlySet<number>): boolean {
    const { sharing } = this.#case
    return sharing === 'everybody' ? seen.size > 0 : sharing === 'visitor' && seen.has(visitor)
  }

  /** Is the cache not asked, for the request carries credentials? */
  #passes({ credentials }: Asking): boolean {
    const { source, declaration } = this.#case
    if (!credentials && source !== 'authorization') return false
    const { user, headers } = (declaration.by === 'policy' && declaration.policy.vary) || {}
    return user === undefined && headers?.some(name => name.toLowerCase() === 'authorization') !== true
  }

  #secret(visitor: number): string {
    return `s${this.#id}.${visitor}.secret`
  }

  #text(visitor: number): string {
    const { sharing, size } = this.#case
    return `${sharing === 'everybody' ? `the page of all, ${this.#id}` : `the page of ${this.#secret(visitor)}`}${'.'.repeat(size)}`
  }

  #body(visitor: number): string {
    const { body } = this.#case
    return body === 'object' || body === 'own' ? JSON.stringify({ text: this.#text(visitor) }) : this.#text(visitor)
  }

  #question({ visitor, method, etagOf, credentials, aside, fails }: Asking): Question {
    const { source } = this.#case
    const secret = this.#secret(visitor)
    const headers: OutgoingHttpHeaders = { 'accept-language': 'en', ...aside }
    let path = `/${this.#id}/page`
    if (source === 'cookie') headers['cookie'] = `theme=dark; ${COOKIE}=${secret}; last=1`
    if (source === 'header') headers[HEADER] = secret
    if (source === 'query') path += `?who=${secret}`
    if (source === 'authorization') headers['authorization'] = `Bearer ${secret}`
    else if (credentials) headers['authorization'] = `Basic ${secret}`
    if (fails) headers[FAILS] = 'yes'
    if (etagOf !== undefined) headers['if-none-match'] = this.#etags.get(etagOf) ?? '"unknown"'
    return { method, path, headers }
  }

  #check({ visitor, method, etagOf, fails, aside, reply }: Asked): void {
    const { sharing, rounds, outside } = this.#case
    const about = `${method} of visitor ${visitor}`
    const head = JSON.stringify(reply.fields)
    const text = method === 'HEAD' ? reply.text : decoded(reply)
    for (const other of new Set(rounds.flat().map(asking => asking.visitor))) {
      if (other === visitor) continue
      expect(text.includes(this.#secret(other)), `${about}: the body has the secret of ${other}`).to.equal(false)
      expect(head, about).not.to.include(this.#secret(other))
    }
    if (outside) expect(reply.headers['x-request-id'], about).to.equal(this.#secret(visitor))
    if (reply.status === 304) {
      const known = sharing === 'everybody' || etagOf === visitor
      expect(known && etagOf !== undefined && this.#etags.has(etagOf), `${about}: has it already`).to.equal(true)
      expect(reply.text).to.equal('')
      return
    }
    if (fails && reply.status === 500) return
    const body = this.#body(visitor)
    const part = reply.status === 206 ? partOf(body, aside['range']) : undefined
    expect(reply.status, about).to.equal(part === undefined ? 200 : 206)
    expect(text === (method === 'HEAD' ? '' : (part ?? body)), `${about}: the whole page, got ${text.slice(0, 80)}`).to.equal(true)
    const length = reply.headers['content-length']
    const encoded = reply.headers['content-encoding'] !== undefined
    if (length !== undefined && !encoded) expect(length, about).to.equal(String(Buffer.byteLength(part ?? body)))
    if (sharing !== 'everybody') expect(reply.headers['x-secret'], about).to.equal(this.#secret(visitor))
  }

  #build(app: App): void {
    const { mounting, declaration, outside, passing } = this.#case
    const declared = declaration.by === 'policy' ? declaration.policy : {}
    const policy: Policy = passing === undefined ? declared : { ...declared, grace: '20m', staleIfError: '1h' }
    const path = `/${this.#id}/page`
    const handler = (visit: Visit) => this.#answer(visit)
    if (outside) {
      app.use(
        app.step(visit => {
          const secret = this.#secret(this.#visitorOf(visit))
          visit.response.setHeader('X-Request-Id', secret)
          visit.response.setHeader('Set-Cookie', [`outside=${secret}`])
          visit.response.setHeader('Vary', 'Origin')
        }),
      )
    }
    switch (mounting) {
      case 'route':
        app.use(app.smartCache())
        return app.route('get', path, app.cachePage(policy), handler)
      case 'around':
        return app.use(app.smartCache(), app.cachePage(policy, handler))
      case 'site':
        app.use(app.smartCache({ pages: policy }))
        return app.handle(handler)
      case 'site and route':
        app.use(app.smartCache({ pages: passing === undefined ? {} : { grace: '10m' } }))
        return app.route('get', path, app.cachePage(policy), handler)
      case 'twice':
        app.use(app.smartCache(), app.cachePage(policy))
        return app.route('get', path, app.cachePage(policy), handler)
    }
  }

  #visitorOf({ request }: Visit): number {
    const { cookie, authorization, [HEADER.toLowerCase()]: header } = request.headers
    const told = [cookie, header, request.url, authorization].join(' ')
    const [, visitor] = new RegExp(`s${this.#id}\\.(\\d)\\.secret`).exec(told) ?? []
    if (visitor === undefined) throw new Error('Nobody asks')
    return Number(visitor)
  }

  async #answer(visit: Visit): Promise<void> {
    const { declaration, waits, sharing } = this.#case
    const arrived = this.#arrived
    const visitor = this.#visitorOf(visit)
    if (waits === 'before') await arrived
    if (sharing !== 'everybody') visit.response.setHeader('X-Secret', this.#secret(visitor))
    if (declaration.by === 'never') visit.cache.never()
    const { fields, how } = fieldsOf(declaration, this.#secret(visitor))
    const fails = visit.request.headers[FAILS] !== undefined
    if (how === 'cookies') setCookies(visit, fields)
    else if (how !== undefined) give(visit, fields, how, fails ? 500 : 200)
    if (!fails) await this.#send(visit, visitor, arrived)
    else if (how?.startsWith('head') === true) visit.response.end(`sorry, ${this.#secret(visitor)}`)
    else visit.status(500).send(`sorry, ${this.#secret(visitor)}`)
  }

  async #send(visit: Visit, visitor: number, arrived: Promise<void>): Promise<void> {
    const { body, waits } = this.#case
    const text = this.#text(visitor)
    const middle = async () => (waits === 'within' ? arrived : undefined)
    async function* parts() {
      yield Buffer.from(text.slice(0, 9))
      await middle()
      yield Buffer.from(text.slice(9))
    }
    switch (body) {
      case 'string':
        return visit.send(text)
      case 'buffer':
        return visit.send(Buffer.from(text))
      case 'object':
        return visit.send({ text })
      case 'stream':
        return visit.stream(Readable.from(parts()))
      case 'own':
        return sendOwn(visit, { text })
      case 'whole':
        visit.raw().end(text)
        return
      case 'pipe':
        Readable.from(parts()).pipe(visit.raw())
        return
      case 'parts': {
        const raw = visit.raw()
        raw.write(text.slice(0, 9))
        await middle()
        raw.write(Buffer.from(text.slice(9)).toString('base64'), 'base64')
        raw.end()
      }
    }
  }
}

/** What visitors ask for of a page in these trials. */
function partOf(body: string, range: string | undefined): string | undefined {
  const bytes = Buffer.from(body)
  if (range === 'bytes=0-3') return bytes.subarray(0, 4).toString()
  return range === 'bytes=-9' ? bytes.subarray(-9).toString() : undefined
}
