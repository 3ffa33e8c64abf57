import { expect } from 'chai'
import { CacheError, createCache, createCaches, nextInstant } from 'smart-cache'
import * as express from 'smart-cache/express'
import * as koa from 'smart-cache/koa'
import { createServer, inFront } from 'smart-cache/node'
import { expectHit } from 'smart-cache/testing'

/** What a program without a compiler may hand on by mistake. */
const MISTAKES: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  'a number': 1,
  'a negative number': -1,
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  'an empty text': '',
  'a text': 'nonsense',
  true: true,
  'an array': [],
  'an object': {},
  'a function': () => 'x',
  'a symbol': Symbol('s'),
  'a BigInt': 1n,
}

type Kind = keyof typeof MISTAKES

const cache = createCache()
const nothing = () => undefined
cache.define('label', { load: (city: string) => city })

/** Each argument of each door: what may be given, and what is done with the rest. */
const DOORS: Readonly<Record<string, readonly [fits: readonly Kind[], call: (given: never) => unknown]>> = {
  'the key of get()': [['a text'], key => cache.get(key)],
  'the keys of getMany()': [['an array'], keys => cache.getMany(keys)],
  'the keys of deleteMany()': [['an array'], keys => cache.deleteMany(keys)],
  'the values of setMany()': [['an object'], values => cache.setMany(values)],
  'the loader of getOrSet()': [['a function'], loader => cache.getOrSet(`key ${Math.random()}`, loader)],
  'the ttl of touch()': [['undefined', 'a number'], ttl => cache.touch('key', ttl)],
  'the save of put()': [['a function'], save => cache.put('key', 1, save)],
  'the object of once()': [['undefined', 'an array', 'an object', 'a function'], object => cache.once(object, 'name', nothing)],
  'the compute of once()': [['a function'], compute => cache.once({}, 'name', compute)],
  'the options of cached()': [['undefined', 'an object', 'a function'], given => cache.cached(given, { key: 'k' } as never)],
  'the name of an event': [[], name => cache.on(name, nothing)],
  'the name of an event to forget': [[], name => cache.off(name, nothing)],
  'the listener of on()': [['a function'], listener => cache.on('hit', listener)],
  'the target of invalidate()': [['a text', 'an array'], target => cache.invalidate(target)],
  'the arguments of a label to invalidate': [['undefined', 'an object'], args => cache.invalidate({ label: 'label', args })],
  'the arguments of load()': [['undefined', 'an object'], args => cache.load('label', args)],
  'what a label depends on': [
    ['undefined', 'an object'],
    dependsOn => cache.define(`label ${Math.random()}`, { load: nothing, dependsOn }),
  ],
  'the repository of repository()': [[], repository => cache.repository('model', repository)],
  'the function of invalidateOn()': [['a function'], targetOf => cache.invalidateOn('model', targetOf)],
  'the model of signals.on()': [['a text'], model => cache.signals.on(model, 'saved', nothing)],
  'the kind of signals.on()': [[], kind => cache.signals.on('model', kind, nothing)],
  'the listener of signals.on()': [['a function'], listener => cache.signals.on('other', 'saved', listener)],
  'the model of signals.saved()': [['a text'], model => cache.signals.saved(model, {})],
  'the change of signals.saved()': [['an object'], change => cache.signals.saved('third', change)],
  'the change of signals.deleted()': [['an object'], change => cache.signals.deleted('third', change)],
  'the items of fragments()': [['an array'], items => cache.fragments('row', items, {}, () => '')],
  'the question of explain()': [[], question => cache.explain(question)],
  'the options of createCache()': [['undefined', 'an object'], options => createCache(options)],
  'the options of createCaches()': [['undefined', 'an object'], options => createCaches(options)],
  'one of the options of createCaches()': [['an object'], options => createCaches({ one: options })],
  'the start of nextInstant()': [['a number', 'a negative number'], from => nextInstant({ cron: '* * * * *' }, from)],
  'the cache of inFront()': [[], given => inFront(given, nothing)],
  'the application of inFront()': [['a function'], app => inFront(cache, app)],
  'the application of createServer()': [['a function'], app => createServer(app)],
  'the cache of expectHit()': [[], given => expectHit(given, 'key', nothing)],
  ...ofFramework('express', express),
  ...ofFramework('koa', koa),
}

function ofFramework(name: string, doors: typeof express | typeof koa): typeof DOORS {
  const { cachePage, cacheControl, etagOf, invalidates, lastModified, smartCache, varyOnHeaders } = doors as typeof express
  return {
    [`the options of smartCache() on ${name}`]: [[], options => smartCache(options)],
    [`the pages of smartCache() on ${name}`]: [['undefined', 'an object'], pages => smartCache({ cache, pages })],
    [`the policy of cachePage() on ${name}`]: [['undefined', 'an object'], policy => cachePage(policy)],
    [`the handler of cachePage() on ${name}`]: [['undefined', 'a function'], handler => cachePage({}, handler)],
    [`the headers of vary on ${name}`]: [['undefined', 'an array'], headers => cachePage({ vary: { headers } })],
    [`the target of invalidates() on ${name}`]: [['a text', 'an array', 'a function'], target => invalidates(target)],
    [`the options of cacheControl() on ${name}`]: [[], options => cacheControl(options)],
    [`the name of varyOnHeaders() on ${name}`]: [['a text'], header => varyOnHeaders(header)],
    [`the question of lastModified() on ${name}`]: [['a function'], read => lastModified(read)],
    [`the question of etagOf() on ${name}`]: [['a function'], read => etagOf(read)],
  }
}

describe('What cannot be', () => {
  before(() => express.smartCache({ cache }))

  for (const [door, [fits, call]] of Object.entries(DOORS)) {
    it(`as ${door} is refused, with what was given in the message`, async () => {
      for (const [kind, mistake] of Object.entries(MISTAKES)) {
        const error = await errorOf(() => call(mistake as never))
        if (fits.includes(kind)) expect(error, kind).to.equal(undefined)
        else {
          expect(error, kind).to.be.instanceOf(CacheError)
          expect((error as CacheError).message, kind).to.match(/^Expected|has no option|has none of|^There is no|needs at least one option/)
        }
      }
    })
  }

  it('as the name of an event is answered with the nearest', () => {
    expect(() => cache.on('hti' as 'hit', nothing)).to.throw('There is no event "hti". Did you mean `hit`?')
  })

  it('as a change is the row itself', async () => {
    const error = await errorOf(() => cache.signals.saved('product', { id: 7 } as object))
    expect(error).to.have.property('message', 'saved() has no option `id`. It has: before, after, model, kind.')
  })

  it('as options of a decorator is refused before there is an object', () => {
    expect(() => cache.cached({ tll: '1m' } as object)).to.throw('cached() has no option `tll`. Did you mean `ttl`?')
  })
})

async function errorOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  return undefined
}
