/** Writes into an error where in a template it has come up. */
export type Teller = (error: Error) => void

const told = new WeakSet<Error>()

/** Has an error say where it has come up, once, wherever it goes from there. */
export function located(error: unknown, tell: Teller | undefined): unknown {
  if (!(error instanceof Error) || tell === undefined || told.has(error)) return error
  told.add(error)
  try {
    tell(error)
  } catch {
    // One that is frozen goes on as it is.
  }
  return error
}
