/**
 * What a `Cookie` field says of the named cookies, for a key: every value sent under each name, in order, for parsers differ in which of
 * several they take. An absent cookie has none, an empty one has `''`.
 */
export function cookieValues(field: string | undefined, names: readonly string[]): readonly (readonly string[])[] {
  const pairs = (field ?? '').split(';').map(pair => {
    const equals = pair.indexOf('=')
    return equals === -1 ? { name: pair.trim(), value: '' } : { name: pair.slice(0, equals).trim(), value: pair.slice(equals + 1).trim() }
  })
  return names.map(name => pairs.filter(pair => pair.name === name).map(pair => pair.value))
}
