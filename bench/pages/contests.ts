import type { Contender, Contest } from '../measure/contest.js'
import { CONNECTIONS, pageContender, type PageContender } from './page-contender.js'

const WARM_AFTER = 5000

const title = (framework: string) => `${framework}: a page of 1 KiB, ${CONNECTIONS} connections`

const raw = pageContender({ name: 'node:http, no framework', framework: 'Node', app: 'raw' })

export const expressContest: Contest = {
  title: title('Express 5'),
  unit: 'request',
  warmAfter: WARM_AFTER,
  heats: [
    {
      title: 'Before the routes',
      contenders: [
        express('empty middleware', 'empty middleware'),
        express('smart-cache', 'site', { cached: 'smart-cache' }),
        express('apicache', 'apicache site', { cached: 'other' }),
        express('res.json(), not cached', 'no cache'),
        raw,
      ],
    },
    {
      title: 'On the route',
      contenders: [
        express('empty handler', 'empty route'),
        express('smart-cache', 'route', { cached: 'smart-cache' }),
        express('apicache', 'apicache route', { cached: 'other' }),
      ],
    },
    {
      title: '304 Not Modified, before the routes',
      contenders: [
        express('empty middleware', 'empty 304', { status: 304 }),
        express('smart-cache', 'site', { status: 304, cached: 'smart-cache' }),
      ],
    },
  ],
}

export const koaContest: Contest = {
  title: title('Koa 3'),
  unit: 'request',
  warmAfter: WARM_AFTER,
  heats: [
    {
      title: 'Outermost',
      contenders: [
        koa('empty middleware', 'empty middleware'),
        koa('smart-cache', 'site', { cached: 'smart-cache' }),
        koa('koa-cash', 'koa-cash', { cached: 'other' }),
        koa('ctx.body = object, not cached', 'no cache'),
        raw,
      ],
    },
    {
      title: 'Inside another middleware',
      contenders: [
        koa('empty one, ctx.body = buffer', 'empty body'),
        koa('smart-cache', 'inside', { cached: 'smart-cache' }),
        koa('smart-cache on one route', 'route', { cached: 'smart-cache' }),
      ],
    },
    {
      title: '304 Not Modified, outermost',
      contenders: [
        koa('empty middleware', 'empty 304', { status: 304 }),
        koa('smart-cache', 'site', { status: 304, cached: 'smart-cache' }),
      ],
    },
  ],
}

function express(name: string, app: string, more?: Partial<PageContender>): Contender {
  return pageContender({ name, framework: 'Express', app, ...more })
}

function koa(name: string, app: string, more?: Partial<PageContender>): Contender {
  return pageContender({ name, framework: 'Koa', app, ...more })
}
