/** A loader that configuration names by its module. */
export async function findOffers(city: string, kind = 'food'): Promise<string> {
  return `${kind} in ${city}`
}
