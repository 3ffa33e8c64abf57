import { expect } from 'chai'
import { nothingOld } from '../queries/nothing-old.js'
import { openShop } from '../queries/shop.js'
import { databasesOf, SERVERS } from './servers.js'

for (const kind of SERVERS) {
  const database = databasesOf(kind)
  nothingOld(database)
  if (kind.dialect === 'postgresql') {
    describe('A table of which PostgreSQL shows some rows only', () => {
      const reasonAfter = async (policy: string) => {
        const { db, cache, plain, close } = await openShop(database)
        try {
          await plain.raw(`alter table tills enable row level security; create policy some_rows on tills using (${policy})`)
          const { reason, tables } = await cache.queries.explain(db('tills'))
          return { reason, tables }
        } finally {
          await close()
        }
      }

      it('is not kept where what they are depends on the session', async () => {
        for (const policy of ["amount = current_setting('app.amount')::int", 'current_user = amount::text']) {
          expect((await reasonAfter(policy)).reason).to.match(/current_setting|current_user/)
        }
      })

      it('depends on the tables that the policy reads', async () => {
        const { reason, tables } = await reasonAfter('amount in (select stock from products)')
        expect([reason, tables]).to.deep.equal(['absent', ['products', 'tills']])
      })
    })
  }
}
