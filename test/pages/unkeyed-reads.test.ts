import { expect } from 'chai'
import type { Request, Response } from 'express'
import type { Context } from 'koa'
import type { OutgoingHttpHeaders } from 'node:http'
import type { Framework, Policy, Step, Visit } from './framework.js'
import { describePages } from './frameworks.js'
import type { Reply } from './site.js'

/** What is read, where in the source, and what would mend it. */
interface Reading {
  readonly read: (visit: Visit) => unknown
  readonly what: string
  readonly mend: string
}

const express = ({ asked }: Visit) => asked as unknown as Request & { user?: unknown; session?: unknown; cookies: Record<string, string> }
const koa = ({ asked }: Visit) => asked as unknown as Context

let line = ''

/** Notes the line of the source that calls it. */
function here(): undefined {
  line = /([^/\s(]+:\d+):\d+\)?$/.exec(new Error('here').stack?.split('\n')[2] ?? '')?.[1] ?? 'nowhere'
}

const READINGS: Readonly<Record<string, Readonly<Record<string, Reading>>>> = {
  Express: {
    'req.headers': {
      read: visit => [express(visit).headers['x-plan'], here()],
      what: 'the header "x-plan"',
      mend: "vary: { headers: ['x-plan'] }",
    },
    'req.get()': {
      read: visit => [express(visit).get('X-Plan'), here()],
      what: 'the header "x-plan"',
      mend: "vary: { headers: ['x-plan'] }",
    },
    'req.accepts()': {
      read: visit => [express(visit).acceptsLanguages('de', 'en'), here()],
      what: 'the header "accept-language"',
      mend: "vary: { headers: ['accept-language'] }",
    },
    'the header Cookie': {
      read: visit => [express(visit).headers.cookie, here()],
      what: 'the header "cookie"',
      mend: 'vary: { cookies: true }',
    },
    'req.cookies': {
      read: visit => [express(visit).cookies['plan'], here()],
      what: 'the cookie "plan"',
      mend: "vary: { cookies: ['plan'] }",
    },
    'two cookies': {
      read: visit => [express(visit).cookies['plan'], express(visit).cookies['theme'], here()],
      what: 'the cookie "plan" and the cookie "theme"',
      mend: "vary: { cookies: ['plan', 'theme'] }",
    },
    'req.query': {
      read: visit => [express(visit).query['utm_source'], here()],
      what: 'the query parameter "utm_source"',
      mend: 'vary: { trackers: true }',
    },
    'req.user': {
      read: visit => [express(visit).user, here()],
      what: 'the user',
      mend: 'vary: { user: req => req.user?.id }',
    },
    'req.session': {
      read: visit => [express(visit).session, here()],
      what: 'the session',
      mend: 'vary: { user: req => req.session?.id }',
    },
  },
  Koa: {
    'ctx.headers': {
      read: visit => [koa(visit).headers['x-plan'], here()],
      what: 'the header "x-plan"',
      mend: "vary: { headers: ['x-plan'] }",
    },
    'ctx.get()': {
      read: visit => [koa(visit).get('X-Plan'), here()],
      what: 'the header "x-plan"',
      mend: "vary: { headers: ['x-plan'] }",
    },
    'ctx.acceptsLanguages()': {
      read: visit => [koa(visit).acceptsLanguages('de', 'en'), here()],
      what: 'the header "accept-language"',
      mend: "vary: { headers: ['accept-language'] }",
    },
    'ctx.cookies.get()': {
      read: visit => [koa(visit).cookies.get('plan'), here()],
      what: 'the cookie "plan"',
      mend: "vary: { cookies: ['plan'] }",
    },
    'ctx.query': {
      read: visit => [koa(visit).query['utm_source'], here()],
      what: 'the query parameter "utm_source"',
      mend: 'vary: { trackers: true }',
    },
    'ctx.state.user': {
      read: visit => [koa(visit).state['user'], here()],
      what: 'the user',
      mend: 'vary: { user: ctx => ctx.state.user?.id }',
    },
    'ctx.session': {
      read: visit => [koa(visit)['session'], here()],
      what: 'the session',
      mend: 'vary: { user: ctx => ctx.session?.user }',
    },
  },
}

const HEADERS = { Cookie: 'plan=free; theme=dark', 'X-Plan': 'free', 'Accept-Language': 'de', Accept: 'text/html', 'User-Agent': 'test' }

const warnings: (Error & { readonly code?: string })[] = []
const hear = (warning: Error) => {
  if (warning.name === 'SmartCacheWarning') warnings.push(warning)
}

function queryOf(visit: Visit, { name }: Framework): Record<string, unknown> {
  return name === 'Koa' ? koa(visit).query : express(visit).query
}

/** A site whose outer middleware has found out who asks, as cookie-parser, sessions and passport do. */
async function pageWith(framework: Framework, handler: Step, policy: Policy = {}) {
  return framework.site(app => {
    app.use(
      app.step(visit => {
        if (framework.name === 'Express')
          Object.assign(visit.request, { cookies: { plan: 'free', theme: 'dark' }, user: { id: 7 }, session: { id: 's7' } })
        else Object.assign(koa(visit).state, { user: { id: 7 } })
      }),
      app.smartCache(),
      app.cachePage({ ttl: '1m', ...policy }),
    )
    app.handle(handler)
  })
}

async function asked(framework: Framework, handler: Step, policy: Policy = {}, more: OutgoingHttpHeaders = {}): Promise<readonly Reply[]> {
  const site = await pageWith(framework, handler, policy)
  const question = { path: '/me?utm_source=mail&page=2', headers: { ...HEADERS, ...more } }
  const replies = [await site.ask(question), await site.ask(question)]
  await new Promise(resolve => setImmediate(resolve))
  return replies
}

describePages('What a handler reads and its key does not hold', framework => {
  const environment = process.env['NODE_ENV']

  beforeEach(() => {
    warnings.length = 0
    process.on('warning', hear)
    process.env['NODE_ENV'] = 'development'
  })

  afterEach(() => {
    process.off('warning', hear)
    if (environment === undefined) delete process.env['NODE_ENV']
    else process.env['NODE_ENV'] = environment
  })

  const readings = Object.entries(READINGS[framework.name] ?? {})

  for (const [how, { read, what, mend }] of readings) {
    it(`${how}: brings one warning, with the place and what would mend it`, async () => {
      const handler: Step = visit => {
        read(visit)
        visit.send('hello')
      }
      const replies = await asked(framework, handler)
      expect(replies.map(({ outcome }) => outcome.replace('; stored', ''))).to.deep.equal(['fwd=uri-miss', 'hit; ttl=60'])
      await asked(framework, handler)
      expect(warnings).to.have.length(1)
      const [{ message, code } = { message: '', code: '' }] = warnings
      expect(code).to.equal('CACHE_UNKEYED_INPUT')
      expect(message).to.include(`The page /me is kept for everybody, but its handler reads ${what} at `)
      expect(message)
        .to.match(/at \/\S+unkeyed-reads\.test\.[jt]s:\d+:\d+, which/)
        .and.to.include(`/${line}:`)
      expect(message).to.include(`\`${mend}\``)
    })

    it(`${how}: keeps the page from being kept where the policy is strict, in production as well`, async () => {
      process.env['NODE_ENV'] = 'production'
      const handler: Step = visit => {
        read(visit)
        visit.send('hello')
      }
      for (const { outcome } of await asked(framework, handler, { strict: true })) {
        expect(outcome).to.equal('fwd=uri-miss; detail=unkeyed-input')
      }
    })

    it(`${how}: is not watched in production`, async () => {
      process.env['NODE_ENV'] = 'production'
      await asked(framework, visit => {
        read(visit)
        visit.set('X-Own', 'yes').send('hello')
      })
      expect(warnings).to.deep.equal([])
    })
  }

  it('is found out after an await, and in a stream’s beginning', async () => {
    await asked(framework, async visit => {
      await new Promise(resolve => setImmediate(resolve))
      const plan = visit.asked.headers[`x-late-${framework.name.toLowerCase()}`]
      visit.send(`for ${String(plan)}`)
    })
    expect(warnings.map(({ message }) => /reads (the header "\S+")/.exec(message)?.[1])).to.deep.equal([
      `the header "x-late-${framework.name.toLowerCase()}"`,
    ])
  })

  it('does not change what is read', async () => {
    const [reply] = await asked(framework, visit => {
      const { headers } = visit.request
      visit.send({ ...headers, has: 'x-plan' in headers, same: headers === visit.request.headers, absent: headers['x-absent'] ?? null })
    })
    expect(JSON.parse(reply?.text ?? '')).to.include({ 'x-plan': 'free', has: true, same: true, absent: null, cookie: HEADERS.Cookie })
  })

  const innocent: Readonly<Record<string, readonly [handler: Step, policy?: Policy, more?: OutgoingHttpHeaders]>> = {
    'a header in the policy': [visit => visit.send(visit.asked.get('X-Plan') ?? ''), { vary: { headers: ['X-PLAN'] } }],
    'a header that the response varies on': [visit => visit.set('Vary', 'x-plan').send(visit.asked.get('X-Plan') ?? '')],
    'a header that vary.value reads': [visit => visit.send(visit.asked.get('X-Plan') ?? ''), { vary: { value: it => it.get('x-plan') } }],
    'a header that vary.user reads': [visit => visit.send(visit.asked.get('X-Plan') ?? ''), { vary: { user: it => it.get('x-plan') } }],
    'a header that decides who is exempt': [
      visit => visit.send(visit.asked.get('X-Preview') ?? 'none'),
      { unless: it => it.get('x-preview') !== undefined && it.get('x-preview') !== '' },
    ],
    'the host': [visit => visit.send(visit.asked.get('Host') ?? '')],
    'a header in every key': [visit => visit.send(visit.asked.get('X-Forwarded-Host') ?? 'none')],
    'all cookies, where they are in the key': [visit => visit.send(visit.asked.get('Cookie') ?? ''), { vary: { cookies: true } }],
    'the header Cookie, where a cookie is in the key': [
      visit => visit.send(visit.asked.get('Cookie') ?? ''),
      { vary: { cookies: ['plan'] } },
    ],
    'the cookies that are in the key': [
      visit => {
        visit.send(String(framework.name === 'Koa' ? koa(visit).cookies.get('plan') : express(visit).cookies['plan']))
      },
      { vary: { cookies: ['plan'] } },
    ],
    'the user, where a cookie says who it is': [
      visit => visit.send(framework.name === 'Koa' ? koa(visit).state['user'] : (express(visit).user as object)),
      { vary: { cookies: ['session'] } },
    ],
    'a parameter': [visit => visit.send(JSON.stringify(queryOf(visit, framework)['page']))],
    'a parameter that counts': [visit => visit.send(JSON.stringify(queryOf(visit, framework)['page'])), { vary: { query: ['page'] } }],
    'a tracker that counts': [visit => visit.send(JSON.stringify(queryOf(visit, framework)['utm_source'])), { vary: { trackers: true } }],
    'nothing, and the page is not kept': [visit => visit.set('Cache-Control', 'no-store').send(visit.asked.get('X-Plan') ?? '')],
    'nothing, while the visitor has the page': [visit => visit.set('ETag', '"own"').send('hello'), {}, { 'If-None-Match': '"own"' }],
    'nothing, while the visitor wants a part': [visit => visit.send('hello'), {}, { Range: 'bytes=0-1' }],
    'nothing, and a redirect': [
      visit => {
        if (framework.name === 'Koa') koa(visit).redirect('/new')
        else (visit.response as Response).redirect(301, '/new')
      },
      { statuses: [301, 302] },
    ],
    'nothing, and an error': [
      visit => {
        if (framework.name === 'Koa') koa(visit).throw(404, 'nothing there')
        else visit.status(404).send('nothing there')
      },
      { statuses: [404] },
    ],
  }
  for (const [what, [handler, policy, more]] of Object.entries(innocent)) {
    it(`is not ${what}`, async () => {
      await asked(framework, handler, policy, more)
      await asked(framework, handler, { ...policy, strict: true }, more)
      expect(warnings.map(({ message }) => message)).to.deep.equal([])
    })
  }

  for (const [style, reply] of Object.entries(framework.styles)) {
    it(`is nothing when it replies by ${style}`, async () => {
      const content = { type: 'text/html; charset=utf-8', bytes: Buffer.from('<p>hello</p>') }
      for (const more of [{}, { 'If-None-Match': '"x"', 'If-Modified-Since': 'now', 'Cache-Control': 'no-cache' }]) {
        const replies = await asked(framework, visit => reply(visit, content), { strict: true }, more)
        expect(replies.map(({ outcome }) => outcome).join()).to.not.include('unkeyed')
      }
      expect(warnings.map(({ message }) => message)).to.deep.equal([])
    })
  }

  it('is not what middleware around it reads', async () => {
    const site = await framework.site(app => {
      app.use(
        app.step(visit => {
          visit.asked.get('X-Plan')
          visit.response.once('finish', () => visit.asked.get('User-Agent'))
        }),
        app.smartCache(),
        app.cachePage({ ttl: '1m' }),
      )
      app.handle(visit => visit.send('hello'))
    })
    await site.ask({ headers: HEADERS })
    await new Promise(resolve => setImmediate(resolve))
    expect(warnings.map(({ message }) => message)).to.deep.equal([])
  })

  it('leaves the request as it was', async () => {
    const seen: unknown[] = []
    const site = await framework.site(app => {
      app.use(
        app.step(visit => {
          const before = visit.request.headers
          visit.response.once('finish', () => seen.push(Object.hasOwn(visit.request, 'headers'), visit.request.headers === before))
        }),
        app.smartCache(),
        app.cachePage({ ttl: '1m' }),
      )
      app.handle(visit => visit.send('hello'))
    })
    await site.ask({ headers: HEADERS })
    expect(seen).to.deep.equal([false, true])
  })
})
