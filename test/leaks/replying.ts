import type { Response as ExpressResponse } from 'express'
import type { Context } from 'koa'
import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Visit } from '../pages/framework.js'
import type { Declaration, How } from './generator.js'

type Field = readonly [name: string, lines: readonly string[]]

/** The fields by which a page is declared to be its visitor's, or everybody's. */
export function fieldsOf(declaration: Declaration, secret: string): { readonly fields: readonly Field[]; readonly how?: How | 'cookies' } {
  switch (declaration.by) {
    case 'field':
      return { fields: [[declaration.name, declaration.lines]], how: declaration.how }
    case 'set-cookie':
      return {
        fields: [['sEt-Cookie', Array.from({ length: declaration.lines }, (_, at) => `own${at}=${secret}`)]],
        how: declaration.how,
      }
    case 'nobody':
      return { fields: declaration.fields.map(({ name, lines }): Field => [name, lines]), how: declaration.how }
    default:
      return { fields: [] }
  }
}

/** Gives fields to a response. */
export function give(visit: Visit, fields: readonly Field[], how: How, status: number): void {
  const { response } = visit
  const object = Object.fromEntries(
    fields.map(([name, lines]) => [name, lines.length === 1 ? lines[0] : [...lines]]),
  ) as OutgoingHttpHeaders
  switch (how) {
    case 'set':
      for (const [name, lines] of fields) visit.set(name, lines.length === 1 ? (lines[0] ?? '') : lines)
      return
    case 'append':
      for (const [name, lines] of fields) for (const line of lines) response.appendHeader(name, line)
      return
    case 'head object':
      visit.raw().writeHead(status, object)
      return
    case 'head after a reason':
      visit.raw().writeHead(status, 'Fine', object)
      return
    case 'head list': {
      const list: OutgoingHttpHeader[] = fields.flatMap(([name, lines]) => lines.flatMap(line => [name, line]))
      visit.raw().writeHead(status, list)
      return
    }
    case 'hook':
      hook(response, () => {
        for (const [name, lines] of fields) response.setHeader(name, lines.length === 1 ? (lines[0] ?? '') : lines)
      })
  }
}

/** What `on-headers` does, by which session middleware waits with its cookie until the head is written. */
export function hook(response: ServerResponse, work: () => void): void {
  const { writeHead } = response
  let done = false
  const hooked = function (this: ServerResponse, ...args: unknown[]): ServerResponse {
    if (!done) {
      done = true
      work()
    }
    return (writeHead as (...given: unknown[]) => ServerResponse).apply(this, args)
  }
  Object.assign(response, { writeHead: hooked })
}

function isExpress(visit: Visit): boolean {
  return 'json' in visit.response
}

/** Sets them as the framework's users do. */
export function setCookies(visit: Visit, fields: readonly Field[]): void {
  for (const line of fields.flatMap(([, lines]) => lines)) {
    const [name = '', value = ''] = line.split('=')
    if (isExpress(visit)) (visit.response as ExpressResponse).cookie(name, value)
    else (visit.asked as unknown as Context).cookies.set(name, value)
  }
}

/** In a way that only this framework has. */
export function sendOwn(visit: Visit, body: object): void {
  if (isExpress(visit)) (visit.response as ExpressResponse).json(body)
  else (visit.asked as unknown as Context).body = new Blob([JSON.stringify(body)], { type: 'application/json' })
}
