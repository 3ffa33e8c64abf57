import { onExpress } from '../express/framework.js'
import { onKoa } from '../koa/framework.js'
import type { Framework } from './framework.js'
import { closeSites } from './site.js'

export const frameworks: readonly Framework[] = [onExpress, onKoa]

/** Describes a behaviour that all frameworks have in common. */
export function describePages(title: string, tests: (framework: Framework) => void): void {
  describe(title, () => {
    afterEach(closeSites)
    for (const framework of frameworks) describe(`on ${framework.name}`, () => tests(framework))
  })
}
