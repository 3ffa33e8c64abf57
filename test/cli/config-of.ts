const DIALECT = new URL('../../examples/cities/database/sqlite-dialect.js', import.meta.url).href
const KNEX = import.meta.resolve('knex')

/** The text of a configuration that has its analytics in this file, beside it. */
export function configOf(file: string): string {
  return `
    import knex from ${JSON.stringify(KNEX)}
    import { SqliteDialect } from ${JSON.stringify(DIALECT)}
    const filename = new URL(${JSON.stringify(file)}, import.meta.url).pathname
    export default { knex: async () => knex({ client: await SqliteDialect.load(), connection: { filename }, useNullAsDefault: true }) }
  `
}
