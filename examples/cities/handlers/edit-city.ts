import type { Knex } from 'knex'
import { StoreError } from 'smart-cache'
import type { City } from '../city.js'
import { PageError } from '../page-error.js'
import { parsePopulation } from '../population.js'
import { setPopulation } from '../queries/city-queries.js'
import { seeOther } from '../reply.js'
import type { PageRequest, Reply } from '../route.js'
import { cityAsked, showRefusedEdit } from './show-city.js'

/** Says how a city was and how it is; resolves when nothing that shows how it was is served any more. */
export type Announce = (change: { readonly before: City; readonly after: City }) => Promise<void>

const NOT_PURGED = new PageError(
  503,
  'Saved, but not everywhere to be seen',
  'The pages that show the old number are kept in Redis, which cannot be used right now. Save it again in a moment.',
)

const NOT_SAVED = new PageError(
  503,
  'Not saved',
  'The pages that show the old number are kept in Redis, which cannot be used right now. Save it again in a moment.',
)

/** Saves a population from a city's page, and leads back to it. */
export async function editCity(db: Knex, announce: Announce | undefined, { params, form, token }: PageRequest): Promise<Reply> {
  const city = await cityAsked(db, params['id'])
  const refused = await saveSent(db, announce, city, form)
  return refused === undefined ? seeOther(`/cities/${city.id}#saved`) : showRefusedEdit(db, city, token(), refused)
}

/**
 * Saves the population that was sent, and announces it once it is saved.
 * @returns what was wrong with it, if it is not saved
 */
export async function saveSent(
  db: Knex,
  announce: Announce | undefined,
  city: City,
  form: URLSearchParams,
): Promise<{ readonly sent: string; readonly problem: string } | undefined> {
  const sent = form.get('population') ?? ''
  const parsed = parsePopulation(sent)
  if ('problem' in parsed) return { sent, problem: parsed.problem }
  await save(() => setPopulation(db, city, parsed.population))
  if (announce !== undefined) await purge(() => announce({ before: city, after: { ...city, population: parsed.population } }))
  return undefined
}

/** Where the database purges what a write changes, a write that cannot be told of is not made. */
async function save(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    throw error instanceof StoreError ? NOT_SAVED : error
  }
}

/** A purge that cannot be made good is not kept from the visitor: the number is saved, and old pages may still be about. */
async function purge(announced: () => Promise<void>): Promise<void> {
  try {
    await announced()
  } catch (error) {
    const errors: readonly unknown[] = error instanceof AggregateError ? error.errors : [error]
    throw errors.every(one => one instanceof StoreError) ? NOT_PURGED : error
  }
}
