import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { exampleFolder } from './example-folder.js'

export interface Asset {
  /** Changes with the content, so that browsers may keep it for good. */
  readonly url: string
  readonly path: string
  readonly type: string
  readonly body: string
}

export const assets = {
  style: readAsset('cities.css', 'text/css; charset=utf-8'),
  script: readAsset('cities.js', 'text/javascript; charset=utf-8'),
  icon: readAsset('cities.svg', 'image/svg+xml'),
} as const

function readAsset(name: string, type: string): Asset {
  const body = readFileSync(new URL(`assets/${name}`, exampleFolder), 'utf8')
  const digest = createHash('sha256').update(body).digest('base64url').slice(0, 10)
  return { url: `/${name}?v=${digest}`, path: `/${name}`, type, body }
}
