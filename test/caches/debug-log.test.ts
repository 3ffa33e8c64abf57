import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'

const PROGRAM = `
  import { createCache } from ${JSON.stringify(import.meta.resolve('smart-cache'))}
  const cache = createCache({ namespace: 'shop' })
  const load = cache.cached(async word => word, { name: 'load' })
  await load('pl4nted-S3cret')
  await load('pl4nted-S3cret')
  await cache.getOrSet('failing', () => Promise.reject(new TypeError('pl4nted-S3cret'))).catch(() => undefined)
  await cache.invalidate('t', { why: 'edit', soft: true })
  await cache.close()
`

describe('DEBUG', () => {
  it('has a line written for each event of the areas that it names, without a key', async () => {
    const lines = await saidWith('smart-cache:values,smart-cache:purges')
    expect(lines.map(line => line.replace(/[\d.]+ (?:ms|bytes)/g, '…'))).to.deep.equal([
      'smart-cache:values miss shop: load absent',
      'smart-cache:values fill shop: load …, …',
      'smart-cache:values miss shop: failing absent',
      'smart-cache:values fail shop: failing TypeError',
      'smart-cache:purges soft tag, …: edit',
      'smart-cache:values hit shop: load ×1',
    ])
  })

  it('may name all areas, or none', async () => {
    expect((await saidWith('smart-cache:*')).length).to.equal(6)
    expect(await saidWith('other:*')).to.deep.equal([])
  })
})

async function saidWith(debug: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', DEBUG: debug },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [said] = await Promise.all([text(child.stderr), once(child, 'close')])
  return said.split('\n').filter(line => line !== '')
}
