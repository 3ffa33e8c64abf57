interface City {
  readonly id: number
  readonly name: string
  readonly country: string
  readonly people: number
}

/** Cities of this many rows; each is about 140 bytes of a table. */
function citiesOf(count: number): readonly City[] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    name: `City & Town <${id}>`,
    country: ['Germany', 'Österreich', 'Česko', 'Ísland'][id % 4] ?? '',
    people: (id * 7919) % 1_000_000,
  }))
}

const all = citiesOf(720)
const many = citiesOf(15_000)

/** A table of about 100 KiB, made anew at each call: escaped and put together, as templates do, without a query before it. */
export function renderReport(): string {
  return render(all)
}

/** The largest of the cities that are searched, as a table of about 10 KiB: what is found is put in order before it is rendered. */
export function renderSearch(): string {
  const found = many.filter(({ name }) => name.toLowerCase().includes('town <1'))
  return render(found.toSorted((a, b) => b.people - a.people).slice(0, 84))
}

function render(cities: readonly City[]): string {
  const lines = cities.map(
    ({ id, name, country, people }) =>
      `<tr><td>${id}</td><td><a href="/cities/${id}">${escaped(name)}</a></td><td>${escaped(country)}</td><td>${people.toLocaleString('de')}</td></tr>\n`,
  )
  return `<!doctype html><title>Cities</title><table>${lines.join('')}</table>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
