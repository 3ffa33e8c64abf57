// What `npx smart-cache` reads in this folder. The application has been built before: `npm start` does.
import { fileURLToPath } from 'node:url'
import { analyticsFile } from '../../dist/examples/cities/analytics/analytics-file.js'
import { openDatabase } from '../../dist/examples/cities/database/open-database.js'

const database = process.env.DATABASE || fileURLToPath(new URL('cities.sqlite', import.meta.url))

export default {
  knex: () => openDatabase(analyticsFile(database)),
  urls: ['/', '/countries', '/countries/CH', '/countries/JP', '/search?q=bern'].map(
    path => `http://localhost:${process.env.PORT || 3000}${path}`,
  ),
}
