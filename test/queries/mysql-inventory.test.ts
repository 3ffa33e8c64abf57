import { expect } from 'chai'
import { mysqlInventory } from '../../adapters/knex/inventory/mysql.js'

/** Of the words that MySQL keeps for itself, and MariaDB does not all, those that look like names of columns. */
const RESERVED = ['column', 'function', 'generated', 'key', 'rows', 'schema', 'system', 'table', 'trigger', 'virtual']

describe('What MySQL is asked of itself', () => {
  it('calls nothing by a word of its language, which MariaDB would let pass', async () => {
    const asked: string[] = []
    await mysqlInventory(async sql => {
      asked.push(sql)
      return []
    })
    const names = asked.flatMap(sql => Array.from(sql.matchAll(/\bas (\w+)/g), ([, name = '']) => name))
    expect(names).to.include('name')
    expect(names.filter(name => RESERVED.includes(name))).to.deep.equal([])
  })
})
