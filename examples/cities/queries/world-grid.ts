import type { Knex } from 'knex'

/** The side of a square of the grid, in degrees. */
export const GRID_DEGREES = 1.5

/** A square of the globe with somebody in it; columns count from 180° W, rows from the North Pole. */
export interface GridSquare {
  readonly column: number
  readonly row: number
  readonly population: number
}

/** How many people live in each square of the world, empty squares left out. */
export async function worldGrid(db: Knex): Promise<readonly GridSquare[]> {
  return db('cities')
    .select({
      column: db.raw('CAST((longitude + 180) / ? AS INTEGER)', [GRID_DEGREES]),
      row: db.raw('CAST((90 - latitude) / ? AS INTEGER)', [GRID_DEGREES]),
    })
    .sum({ population: 'population' })
    .groupByRaw('1, 2')
    .orderByRaw('2, 1')
}
