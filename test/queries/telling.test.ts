import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { once } from 'node:events'
import { expect } from 'chai'
import { openShop } from './shop.js'
import { sqlite } from './sqlite.js'

const EXAMPLE = new URL('../../examples/posts/queries.js', import.meta.url).pathname

describe('What is decided of queries', () => {
  it('is told line by line where DEBUG asks for it', async () => {
    const env = { ...process.env, NODE_NO_WARNINGS: '1', DEBUG: 'other,smart-cache:*' }
    const child = spawn(process.execPath, [EXAMPLE], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const [said] = await Promise.all([text(child.stderr), once(child, 'close')])
    const lines = said
      .trim()
      .split('\n')
      .map(line => line.replace(/ [\da-f]{8} /, ' … '))
    expect(lines).to.include('smart-cache:queries hit … select * from `posts` where `author` = ?')
    expect(lines).to.include('smart-cache:queries miss … for 300000 ms select * from `posts` where `author` = ?')
    expect(lines).to.include('smart-cache:queries purge … of ~table posts by update `posts` set `title` = ? where `id` = ?')
  })

  it('is a warning, once, where everything has to be purged', async () => {
    const { db, close } = await openShop(sqlite)
    const warnings: string[] = []
    const hear = ({ message }: Error) => void warnings.push(message)
    process.on('warning', hear)
    try {
      for (let time = 0; time < 2; time++) await db.raw("do what nobody\n knows with 'it''s mine'").catch(() => undefined)
      await db('products').update({ stock: 1 })
      await new Promise(resolve => setImmediate(resolve))
    } finally {
      process.off('warning', hear)
      await close()
    }
    expect(warnings.filter(message => message.includes('every query is purged'))).to.deep.equal([
      "Nobody can tell what this changes, so every query is purged: do what nobody knows with '…'",
    ])
  })
})
