import { progressBar } from '../progress-bar.js'
import { fillDatabase } from './fill-database.js'
import { openDatabase } from './open-database.js'

/** Before the first visitor comes: the database has the cities in it. Shows how far that is. */
export async function prepareDatabase(filename: string, signal: AbortSignal): Promise<void> {
  const db = await openDatabase(filename)
  try {
    await fillDatabase(db, { signal, onProgress: progressBar('Filling the database', process.stdout) })
  } finally {
    await db.destroy()
  }
}
