import { expect } from 'chai'
import { sqlite } from '../queries/sqlite.js'
import { groundTruth } from './ground-truth.js'

describe('Analytics of four processes in one SQLite file', () => {
  it('say exactly what happened', async () => {
    const { config, drop } = await sqlite.create()
    try {
      const { connection, useNullAsDefault } = config
      expect(await groundTruth(config, { client: 'sqlite', connection, useNullAsDefault } as object, 4, 4_000)).to.be.above(3_999)
    } finally {
      await drop()
    }
  })
})
