import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer, inFront } from 'smart-cache/node'
import type { App, Framework, Ground, Policy } from '../pages/framework.js'
import { Site } from '../pages/site.js'

/** A framework with a front before it, which serves all pages that it can. */
export function behindFront(framework: Framework, serve: (listener: RequestListener) => Server): Framework {
  const appOn = (ground: Ground) => fitForFront(framework.app(ground), ground)
  return {
    name: `${framework.name} behind a front`,
    styles: framework.styles,
    app: appOn,
    site: (build, settings) => {
      const site = new Site(settings)
      const app = appOn(site)
      build(app, site)
      return site.listen(app.listener(), serve)
    },
    page(policy, handler, settings) {
      return this.site(app => {
        app.use(app.smartCache(), app.cachePage(policy))
        app.handle(handler)
      }, settings)
    },
  }
}

/** The servers that frameworks behind a front are run on. */
export const serveExpress = (listener: RequestListener): Server => createServer(listener)
export const serveKoa = (listener: RequestListener): Server => createHttpServer(listener)

/** The application with a front, and with every policy fit for it that can be. */
function fitForFront(app: App, { cache }: Ground): App {
  const bound = (name: keyof App) => (app[name] as (...args: unknown[]) => unknown).bind(app)
  const same = Object.fromEntries(
    (
      [
        'use',
        'handle',
        'route',
        'step',
        'invalidates',
        'cacheControl',
        'neverCache',
        'varyOnHeaders',
        'varyOnCookie',
        'lastModified',
        'etagOf',
      ] as const
    ).map(name => [name, bound(name)]),
  ) as unknown as App
  return {
    ...same,
    smartCache: (options = {}) => app.smartCache(options.pages === undefined ? options : { ...options, pages: fit(options.pages) }),
    cachePage: (policy, handler) => app.cachePage(fit(policy), handler),
    listener: () => inFront(cache, app.listener()),
  }
}

function fit(policy: Policy): Policy {
  if (typeof policy !== 'object' || 'front' in policy) return policy
  const { vary, unless } = policy
  return vary?.user !== undefined || vary?.value !== undefined || unless !== undefined ? policy : { ...policy, front: true }
}
