import type { Contender, Contest } from '../measure/contest.js'
import { pageContender, type PageContender } from './page-contender.js'

const WARM_AFTER = 5000

const raw = pageContender({ name: 'node:http, no framework', framework: 'Node', app: 'raw' })

export const expressContest: Contest = {
  title: 'Express 5: a page of 1 KiB, 50 connections',
  unit: 'request',
  warmAfter: WARM_AFTER,
  heats: [
    {
      title: 'Before the routes',
      contenders: [
        express('empty middleware', 'empty middleware'),
        express('smart-cache', 'site', { cache: 'smart-cache' }),
        express('apicache', 'apicache site', { cache: 'other' }),
        express('res.json(), not cached', 'no cache'),
        raw,
      ],
    },
    {
      title: 'On the route',
      contenders: [
        express('empty handler', 'empty route'),
        express('smart-cache', 'route', { cache: 'smart-cache' }),
        express('apicache', 'apicache route', { cache: 'other' }),
      ],
    },
    {
      title: '304 Not Modified, before the routes',
      contenders: [
        express('empty middleware', 'empty 304', { status: 304 }),
        express('smart-cache', 'site', { status: 304, cache: 'smart-cache' }),
      ],
    },
  ],
}

export const koaContest: Contest = {
  title: 'Koa 3: a page of 1 KiB, 50 connections',
  unit: 'request',
  warmAfter: WARM_AFTER,
  heats: [
    {
      title: 'Outermost',
      contenders: [
        koa('empty middleware', 'empty middleware'),
        koa('smart-cache', 'site', { cache: 'smart-cache' }),
        koa('koa-cash', 'koa-cash', { cache: 'other' }),
        koa('ctx.body = object, not cached', 'no cache'),
        raw,
      ],
    },
    {
      title: 'Inside another middleware',
      contenders: [
        koa('empty one, ctx.body = buffer', 'empty body'),
        koa('smart-cache', 'inside', { cache: 'smart-cache' }),
        koa('smart-cache on one route', 'route', { cache: 'smart-cache' }),
      ],
    },
    {
      title: '304 Not Modified, outermost',
      contenders: [
        koa('empty middleware', 'empty 304', { status: 304 }),
        koa('smart-cache', 'site', { status: 304, cache: 'smart-cache' }),
      ],
    },
  ],
}

/** What it costs to keep a page, beside making it. */
export const missesContests: readonly Contest[] = [
  { title: 'Express 5: each request a miss that is kept, 50 connections', framework: express },
  { title: 'Koa 3: each request a miss that is kept, 50 connections', framework: koa },
].map(({ title, framework }) => ({
  title,
  unit: 'request',
  warmAfter: 2000,
  heats: [
    {
      title: 'A search in 15,000 cities, 10 KiB',
      contenders: [
        framework('not cached', 'no cache', { kind: 'search', misses: true }),
        framework('smart-cache', 'site', { kind: 'search', misses: true, cache: 'smart-cache' }),
      ],
    },
    {
      title: 'A table of 100 KiB, rendered',
      contenders: [
        framework('not cached', 'no cache', { kind: 'report', misses: true }),
        framework('smart-cache', 'site', { kind: 'report', misses: true, cache: 'smart-cache' }),
      ],
    },
    {
      title: '1 KiB of JSON, ready made',
      contenders: [
        framework('not cached', 'no cache', { misses: true }),
        framework('smart-cache', 'site', { misses: true, cache: 'smart-cache' }),
      ],
    },
  ],
}))

/** What it costs to fill the holes of a kept page. */
export const holesContests: readonly Contest[] = [
  { title: 'Express 5: a hit of a page with two holes, 50 connections', framework: express },
  { title: 'Koa 3: a hit of a page with two holes, 50 connections', framework: koa },
].map(({ title, framework }) => ({
  title,
  unit: 'request',
  warmAfter: WARM_AFTER,
  heats: (['json', 'html'] as const).map(kind => ({
    title: kind === 'json' ? '1 KiB' : '100 KiB',
    contenders: [
      framework('without holes', 'site', { kind, cache: 'smart-cache' }),
      framework('with two holes', 'holes', { kind, cache: 'smart-cache' }),
      framework('with two that are promised', 'promised holes', { kind, cache: 'smart-cache' }),
    ],
  })),
}))

function express(name: string, app: string, more?: Partial<PageContender>): Contender {
  return pageContender({ name, framework: 'Express', app, ...more })
}

function koa(name: string, app: string, more?: Partial<PageContender>): Contender {
  return pageContender({ name, framework: 'Koa', app, ...more })
}
