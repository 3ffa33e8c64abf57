import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { Report } from 'smart-cache/knex'
import { CliFolder } from '../cli/smart-cache-process.js'
import { CitiesProcess } from './cities-process.js'

const CONFIG = fileURLToPath(new URL('../../../examples/cities/smart-cache.config.js', import.meta.url))

describe('What the cities example writes down of its cache', () => {
  it('from its first start on is shown by the command line', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smart-cache-cities-'))
    const database = join(folder, 'cities.sqlite')
    const cities = new CitiesProcess([], { DATABASE: database, PORT: '0' })
    const cli = await CliFolder.create()
    try {
      const url = await cities.address()
      for (const path of ['/', '/countries/CH', '/countries/CH', '/countries/CH']) await (await fetch(url + path)).text()
      cities.signal('SIGTERM')
      await cities.ended()
      const { code, output, errors } = await cli.run(['analytics', '--by', 'route', '--format', 'json', '--config', CONFIG], {
        env: { DATABASE: database },
      })
      expect([code, errors]).to.deep.equal([0, ''])
      const { rows } = JSON.parse(output) as Report
      expect(rows.map(({ name, hits, misses }) => [name, hits, misses])).to.deep.equal([
        ['/countries/:code', 2, 1],
        ['/', 0, 1],
      ])
    } finally {
      cities.signal('SIGKILL')
      await rm(folder, { recursive: true, force: true })
      await cli.remove()
    }
  })
})
