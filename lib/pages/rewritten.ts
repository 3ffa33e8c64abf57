/**
 * What middleware has made of a request's URL, where that is another one than was sent. Routers that take their part of it make nothing of it.
 * @param taken what the routers around have taken of it
 * @param left what they have left
 */
export function rewritten(sent: string, taken: string, left: string): string | undefined {
  if (left === sent) return undefined
  const rest = sent.startsWith(taken) ? sent.slice(taken.length) : sent
  // What is left of all of it is a slash, and what follows it.
  return left === rest || left === `/${rest}` ? undefined : taken + left
}
