import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { serverOrSkip } from './server-or-skip.js'

const MOCHA = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
const SUITES = fileURLToPath(new URL('./suites-with-redis.js', import.meta.url))

describe('Suites that need a server, where there is none', () => {
  it('are skipped, which is said once', async () => {
    const { code, output } = await runSuites({ CI: '' })
    expect(output)
      .to.contain('2 pending')
      .and.to.match(/SKIPPED: all tests that need a real Redis: no redis-server or valkey-server on the PATH/)
    expect(output.match(/SKIPPED/g)).to.have.length(1)
    expect(code).to.equal(0)
  })

  it('fail where CI is set', async () => {
    const { code, output } = await runSuites({ CI: '1' })
    expect(output).to.contain('2 failing').and.to.contain('ServerUnavailable: no redis-server or valkey-server on the PATH')
    expect(code).to.equal(2)
  })

  it('fail when the server is there and does not start', async function () {
    const broken = new Error('does not start')
    const outcome = serverOrSkip(this, 'Thing', () => Promise.reject(broken))
    expect(await outcome.catch((error: unknown) => error)).to.equal(broken)
  })
})

/** Runs the suites where no program can be found or fetched. */
async function runSuites(env: NodeJS.ProcessEnv): Promise<{ readonly code: unknown; readonly output: string }> {
  const empty = await mkdtemp(join(tmpdir(), 'smart-cache-test-'))
  try {
    const child = spawn(process.execPath, [MOCHA, '--no-config', SUITES], {
      env: { ...process.env, PATH: empty, TMPDIR: empty, TEST_REDIS_URL: '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, output: out + err }
  } finally {
    await rm(empty, { recursive: true, force: true })
  }
}
