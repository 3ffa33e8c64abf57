import { nextInstant, type InstantOptions } from 'smart-cache'

/** The next `count` instants after `from`, in ISO, each asked for with the one before. */
export function successive(options: InstantOptions, from: string, count: number): readonly (string | undefined)[] {
  const instants: (string | undefined)[] = []
  for (let at: Date | undefined = new Date(from); at !== undefined && instants.length < count;) {
    at = nextInstant(options, at)
    instants.push(at?.toISOString())
  }
  return instants
}
