import { onExpress } from '../express/framework.js'
import { onKoa } from '../koa/framework.js'
import { behindFront, serveExpress, serveKoa } from '../node/framework.js'
import type { Framework } from './framework.js'
import { closeSites } from './site.js'

export const frameworks: readonly Framework[] = [onExpress, onKoa]

/** The same with a front before them, Express on a server with matching prototypes. */
export const fronted: readonly Framework[] = [behindFront(onExpress, serveExpress), behindFront(onKoa, serveKoa)]

/** Describes a behaviour that all frameworks have in common. */
export function describePages(title: string, tests: (framework: Framework) => void): void {
  describeOn(frameworks, title, tests)
}

/** Describes what holds for hits as well that are served before the framework sees the request. */
export function describeHits(title: string, tests: (framework: Framework) => void): void {
  describeOn([...frameworks, ...fronted], title, tests)
}

/** Describes what holds for hits before the framework sees the request, and nowhere else. */
export function describeFronts(title: string, tests: (framework: Framework) => void): void {
  describeOn(fronted, title, tests)
}

function describeOn(those: readonly Framework[], title: string, tests: (framework: Framework) => void): void {
  describe(title, () => {
    afterEach(closeSites)
    for (const framework of those) describe(`on ${framework.name}`, () => tests(framework))
  })
}
