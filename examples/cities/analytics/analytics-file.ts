/** Where it is written down what the cache does: beside the database, and not in it. */
export function analyticsFile(database: string): string {
  return `${database.replace(/\.sqlite$/, '')}-analytics.sqlite`
}
