import { nearContender } from '../functions/contests.js'
import type { Contest } from '../measure/contest.js'
import { pageContender } from '../pages/page-contender.js'

const front = { framework: 'Express', cache: 'smart-cache' } as const

/** The same with and without analytics, in turns. */
export const analyticsContests: readonly Contest[] = [
  {
    title: 'With analytics: a page of 1 KiB',
    unit: 'request',
    warmAfter: 5_000,
    heats: [
      {
        title: 'In front of Express',
        contenders: [
          pageContender({ ...front, name: 'without', app: 'front' }),
          pageContender({ ...front, name: 'with analytics', app: 'front, counted' }),
        ],
      },
      {
        title: 'On the route',
        contenders: [
          pageContender({ ...front, name: 'without', app: 'route' }),
          pageContender({ ...front, name: 'with analytics', app: 'route, counted' }),
        ],
      },
    ],
  },
  {
    title: 'With analytics: a function in memory, one hot key',
    unit: 'call',
    warmAfter: 50_000,
    heats: [
      {
        title: 'A hit of `await f(id)`',
        contenders: [
          { ...nearContender({ who: 'smart-cache', tags: 0 }, 1, 'uniform'), name: 'without' },
          { ...nearContender({ who: 'smart-cache, counted', tags: 0 }, 1, 'uniform'), name: 'with analytics' },
        ],
      },
    ],
  },
]
