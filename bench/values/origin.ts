/** What is cached. */
export interface User {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
}

let loaded = 0

/** Loads a user, as a database would: for every contender the same. */
export async function loadUser(id: string): Promise<User> {
  loaded++
  return { id, name: `User ${id}`, roles: ['reader', 'writer'] }
}

/** How many users were loaded in this process. A cache that is hit loads no more. */
export function usersLoaded(): number {
  return loaded
}
