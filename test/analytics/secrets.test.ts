import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { configOf } from '../cli/config-of.js'
import { CliFolder } from '../cli/smart-cache-process.js'
import type { Measured } from './secretive-site.js'

const run = promisify(execFile)
const SITE = fileURLToPath(new URL('secretive-site.js', import.meta.url))
/** Made up, as those are that programs give out: what looks like a word is taken for one. */
const SECRET = 'pl4nted-S3cret'

describe('A secret that visitors bring wherever they can', () => {
  let folder: CliFolder
  let measured: Measured
  let logged: string

  before(async () => {
    folder = await CliFolder.create()
    await folder.write('smart-cache.config.mjs', configOf('analytics.sqlite'))
    const env = { ...process.env, DEBUG: 'smart-cache:*', NODE_NO_WARNINGS: '' }
    const { stdout, stderr } = await run(process.execPath, [SITE, join(folder.path, 'analytics.sqlite'), SECRET], { env })
    measured = JSON.parse(stdout) as Measured
    logged = stderr
  })

  after(() => folder.remove())

  it('is in no log, whatever is logged', () => {
    for (const area of ['pages', 'values', 'queries', 'purges']) expect(logged).to.include(`smart-cache:${area} `)
    expect(logged).to.not.include(SECRET)
  })

  it('is in no metrics', () => {
    expect(measured.prometheus).to.include('name="/mine').and.to.not.include(SECRET)
    expect(measured.openTelemetry).to.include('/mine').and.to.not.include(SECRET)
  })

  it('is in no header that says how it went', () => {
    expect(measured.headers.join('\n')).to.include('hit').and.to.include('cache;desc=').and.to.not.include(SECRET)
  })

  it('is nowhere in the file of the analytics', async () => {
    const bytes = await readFile(join(folder.path, 'analytics.sqlite'), 'latin1')
    expect(bytes).to.include('/mine').and.to.not.include(SECRET)
  })

  for (const command of [
    'analytics',
    'analytics --by route',
    'top',
    'top slow',
    'top variants',
    'entries --limit 1000',
    'events --limit 1000',
    'advice',
    'status',
  ]) {
    it(`is not told by: ${command}`, async () => {
      for (const format of ['table', 'json']) {
        const { code, output, errors } = await folder.call([...command.split(' '), '--format', format])
        expect([code, errors]).to.deep.equal([0, ''])
        expect(output).to.not.include(SECRET)
      }
    })
  }
})
