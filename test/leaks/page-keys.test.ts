import { expect } from 'chai'
import express from 'express'
import fc from 'fast-check'
import Koa from 'koa'
import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import { parse as parseSimply } from 'node:querystring'
import { isDeepStrictEqual } from 'node:util'
import type { Exchange } from '../../lib/pages/exchange.js'
import { pageKey, variantKey } from '../../lib/pages/page-key.js'
import { resolvePagePolicy, type PagePolicyOptions } from '../../lib/pages/page-policy.js'
import { runs } from './seed.js'

interface Asked {
  readonly origin: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

function keyOf({ origin, url, headers }: Asked, options: PagePolicyOptions<Asked> = {}, prefix = ''): string | undefined {
  const exchange = { request: { headers }, origin, url, visit: { origin, url, headers } } as unknown as Exchange<Asked>
  return pageKey(exchange, resolvePagePolicy(options, 'test'), prefix, 0)?.key
}

function asked(url: string, headers: IncomingHttpHeaders = {}, origin = 'http://shop.example'): Asked {
  return { origin, url, headers }
}

const parseDeeply = express().set('query parser', 'extended').get('query parser fn') as (query: string) => Record<string, unknown>

/** How programs read a query. All of them see what they see. */
const PARSERS: Readonly<Record<string, (query: string) => Record<string, unknown>>> = {
  querystring: query => ({ ...parseSimply(query) }),
  'the extended parser of Express': parseDeeply,
  'the parser that splits at semicolons': query => ({ ...parseSimply(query.replaceAll(';', '&')) }),
  URLSearchParams: query => {
    const read = new URLSearchParams(query)
    return Object.fromEntries([...read.keys()].map(name => [name, read.getAll(name)]))
  },
}

/** Also in a form in which no program asks for it. */
const TRACKER = /^\[?(?:utm_\w+|fbclid)(?:$|[[\]=])/

function pick(read: Record<string, unknown>, wanted: (name: string) => boolean): Record<string, unknown> {
  return Object.fromEntries(Object.entries(read).filter(([name]) => wanted(name)))
}

const piece = fc.constantFrom(
  'a',
  'b',
  'A',
  '=',
  '=',
  '&',
  '&',
  '[',
  ']',
  '[]',
  '[b]',
  '1',
  '+',
  '%20',
  '%61',
  '%5B',
  '%5d',
  '%3D',
  '%26',
  '%ff',
  '%',
  ';',
  'utm_x',
  'fbclid',
  '.',
  ',',
)
const query = fc.array(piece, { maxLength: 9 }).map(pieces => pieces.join(''))

/** Two queries, the second of which is much like the first. */
const queries = fc
  .tuple(query, query, fc.nat(9), fc.constantFrom('', '&', '&utm_x=1', '&&', 'fbclid=1&', ';', '&a=1', '&[a]=1', '&a[%ff]=1', '&b'))
  .chain(([one, other, at, added]) =>
    fc.constantFrom<readonly [string, string]>(
      [one, other],
      [one, one.slice(0, at) + added + one.slice(at)],
      [one, one.split('&').toReversed().join('&')],
      [one, one.split('&').toSorted().join('&')],
    ),
  )

describe('The key of a page', () => {
  for (const [parser, parse] of Object.entries(PARSERS)) {
    it(`is the same only for queries that ${parser} reads alike, known trackers aside`, () => {
      let same = 0
      const property = fc.property(queries, ([one, other]) => {
        if (keyOf(asked(`/?${one}`)) !== keyOf(asked(`/?${other}`))) return
        same++
        const wanted = (name: string) => !TRACKER.test(name)
        expect(pick(parse(one), wanted)).to.deep.equal(pick(parse(other), wanted))
      })
      fc.assert(property, runs(2_000))
      expect(same).to.be.above(200)
    })

    it(`is the same only for queries in which ${parser} reads the named parameter alike`, () => {
      const options = { vary: { query: ['a'] } }
      let same = 0
      const property = fc.property(queries, ([one, other]) => {
        if (keyOf(asked(`/?${one}`), options) !== keyOf(asked(`/?${other}`), options)) return
        same++
        const wanted = (name: string) => name === 'a'
        expect(pick(parse(one), wanted)).to.deep.equal(pick(parse(other), wanted))
      })
      fc.assert(property, runs(2_000))
      expect(same).to.be.above(200)
    })
  }

  const cookiePiece = fc.constantFrom('s', 's', '=', '=', ';', '; ', ' ', 'x', '1', '"', ',', 'S', '%3B', '\t')
  const cookies = fc.array(cookiePiece, { maxLength: 9 }).map(pieces => pieces.join('').trim())
  const koa = new Koa()

  function koaCookie(field: string): string | undefined {
    const request = new IncomingMessage(new Socket())
    request.headers.cookie = field
    return koa.createContext(request, new ServerResponse(request)).cookies.get('s')
  }

  it('is the same only for cookies that Koa reads alike', () => {
    const options = { vary: { cookies: ['s'] } }
    let same = 0
    const property = fc.property(cookies, cookies, fc.boolean(), (one, other, padded) => {
      const second = padded ? `x=1; ${one}` : other
      if (keyOf(asked('/', { cookie: one }), options) !== keyOf(asked('/', { cookie: second }), options)) return
      same++
      // Koa knows a name without `=` for no cookie, others for an empty one.
      expect((koaCookie(one) ?? '').trim()).to.equal((koaCookie(second) ?? '').trim())
    })
    fc.assert(property, runs(2_000))
    expect(same).to.be.above(200)
  })

  const odd = fc
    .array(fc.constantFrom('a', '"', ',', ':', '{', '}', '[', ']', ' ', '\\', '?', '=', 'null', 'undefined', '\u00e9'), { maxLength: 5 })
    .map(list => list.join(''))
  const headers = fc.record(
    { 'x-a': odd, 'x-b': odd, cookie: odd, authorization: odd, 'x-forwarded-host': odd, 'x-original-url': odd },
    { requiredKeys: [] },
  )

  it('is the same only for requests alike in all that the policy names', () => {
    const options: PagePolicyOptions<Asked> = {
      vary: {
        headers: ['X-A', 'Authorization'],
        cookies: true,
        user: ({ headers: given }) => given['x-b'],
        value: ({ headers: given }) => [given['x-a'], given['x-b']],
      },
    }
    const property = fc.property(headers, headers, (one, other) => {
      const same = keyOf(asked('/', one), options) === keyOf(asked('/', other), options)
      expect(same).to.equal(isDeepStrictEqual({ ...one }, { ...other }))
    })
    fc.assert(property, runs(1_000))
  })

  it('is the same only for requests alike in all that the page was found to vary on', () => {
    const found = ['authorization', 'cookie', 'x-a', 'x-b', 'x-forwarded-host', 'x-original-url']
    const where = { key: 'k', plain: 'k', path: 'k', target: { path: '/', query: '' }, byPath: false, kept: 'page' as const, found }
    const property = fc.property(headers, headers, (one, other) => {
      expect(variantKey(where, one) === variantKey(where, other)).to.equal(isDeepStrictEqual({ ...one }, { ...other }))
    })
    fc.assert(property, runs(1_000))
  })

  const oneOrTwo = (text: fc.Arbitrary<string>) =>
    fc.oneof(
      fc.tuple(text, text),
      text.map((one): [string, string] => [one, one]),
      fc.tuple(text, fc.constantFrom('#', '?', '&', '/', ' ')).map(([one, added]): [string, string] => [one, one + added]),
    )
  const host = fc
    .array(fc.constantFrom('a', '.', ':', '80', '[', ']', '@', '/', '?', '#', ' ', '~', '-', '%2f', ','), { maxLength: 4 })
    .map(list => list.join(''))
  const hosts = oneOrTwo(host)
  const target = fc
    .array(fc.constantFrom('/', '/', 'a', '.', '..', '%2f', '?', '?', '#', ':', '@', '//', ' {"x":1}', '\\'), { maxLength: 6 })
    .map(list => `/${list.join('')}`)
  const targets = oneOrTwo(target)

  it('is the same only for one origin and one path', () => {
    let same = 0
    const property = fc.property(hosts, targets, ([oneHost, otherHost], [one, other]) => {
      const first = keyOf(asked(one, {}, `http://${oneHost}`))
      if (first === undefined || first !== keyOf(asked(other, {}, `http://${otherHost}`))) return
      same++
      expect(oneHost).to.equal(otherHost)
      expect(one.split('?', 1)).to.deep.equal(other.split('?', 1))
      expect(parseSimply(one.split('?').slice(1).join('?'))).to.deep.equal(parseSimply(other.split('?').slice(1).join('?')))
    })
    fc.assert(property, runs(2_000))
    expect(same).to.be.above(10)
  })

  it('is of its namespace alone', () => {
    const prefixes = ['', '~/a:', '~/a/b:', '~/ab:', '~/a.b:']
    expect(new Set(prefixes.map(prefix => keyOf(asked('/'), {}, prefix)))).to.have.length(prefixes.length)
  })

  it('is no key that a caller could use', () => {
    for (const prefix of ['', '~/a:']) expect(keyOf(asked('/'), {}, prefix)?.slice(prefix.length)).to.match(/^~/)
  })

  for (const url of ['/page#part', '/#', '/page#?a=1', '/page?a=1#<b>', 'http://shop.example/', '*', '', 'page', '?a=1', '#']) {
    it(`is none for the target ${JSON.stringify(url)}, that a handler may print and others would read`, () => {
      expect(keyOf(asked(url))).to.equal(undefined)
    })
  }

  for (const origin of [
    'http://',
    '://shop.example',
    'http://a b',
    'http://a/b',
    'http://a?b',
    'http://a#b',
    'http://user@a',
    'http://a,b',
    'http://a\tb',
    'http://a\\b',
    'null',
  ]) {
    it(`is none for the origin ${JSON.stringify(origin)}`, () => {
      expect(keyOf(asked('/', {}, origin))).to.equal(undefined)
    })
  }

  it('does not show credentials', () => {
    const secret = 'c0ffee'
    const rows: readonly (readonly [vary: PagePolicyOptions<Asked>['vary'] & object, given: IncomingHttpHeaders])[] = [
      [{ cookies: true }, { cookie: secret }],
      [{ cookies: ['s'] }, { cookie: `s=${secret}` }],
      [{ headers: ['Authorization'] }, { authorization: secret }],
      [{ headers: ['Cookie', 'X'] }, { cookie: secret }],
    ]
    for (const [vary, given] of rows) {
      const key = keyOf(asked('/', given), { vary })
      expect(key).not.to.include(secret)
      expect(key).not.to.equal(keyOf(asked('/', {}), { vary }))
    }
  })

  it('does not grow with what it is made of', () => {
    const options = { vary: { cookies: true, headers: ['X'] } }
    const long = (last: string) => keyOf(asked('/', { cookie: `${'x'.repeat(100_000)}${last}`, x: 'y'.repeat(100_000) }), options)
    expect(long('1')?.length).to.be.below(200)
    expect(long('1')).not.to.equal(long('2'))
  })
})
