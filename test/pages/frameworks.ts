import { onExpress } from '../express/framework.js'
import { onKoa } from '../koa/framework.js'
import { behindFront, serveExpress, serveKoa } from '../node/framework.js'
import type { Framework } from './framework.js'
import { closeSites, standOn, type StandingGround } from './site.js'

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

/** A store in which pages are kept besides the memory. */
export interface Place {
  readonly name: string
  open(context: Mocha.Context): Promise<StandingGround>
  close(): Promise<void>
}

let place: Place | undefined

/** Whatever is described meanwhile keeps its pages there. */
export async function describingIn(there: Place, describing: () => Promise<unknown>): Promise<void> {
  place = there
  await describing()
  place = undefined
}

function describeOn(those: readonly Framework[], title: string, tests: (framework: Framework) => void): void {
  const there = place
  describe(there === undefined ? title : `${title}, ${there.name}`, () => {
    if (there !== undefined) keepPagesIn(there)
    afterEach(closeSites)
    for (const framework of those) describe(`on ${framework.name}`, () => tests(framework))
  })
}

function keepPagesIn(place: Place): void {
  before(async function () {
    standOn(await place.open(this))
  })

  after(async () => {
    standOn(undefined)
    await place.close()
  })
}
