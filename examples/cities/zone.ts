interface Located {
  readonly timeZones?: readonly string[]
  readonly getTimeZones?: () => readonly string[] | undefined
}

/** The time zone of a country; of one that has several the first by name, for any of its midnights is as good as another. */
export function zoneOf(code: string): string {
  // Newer versions of Node have it as a method.
  const located = new Intl.Locale(`und-${code}`) as Located
  const [first = 'UTC'] = located.getTimeZones?.() ?? located.timeZones ?? []
  return first
}
