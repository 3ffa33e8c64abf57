const ROWS = 720

interface Row {
  readonly id: number
  readonly name: string
  readonly country: string
  readonly people: number
}

const rows: readonly Row[] = Array.from({ length: ROWS }, (_, id) => ({
  id,
  name: `City & Town <${id}>`,
  country: ['Germany', 'Österreich', 'Česko', 'Ísland'][id % 4] ?? '',
  people: (id * 7919) % 1_000_000,
}))

/** A table of about 100 KiB, made anew at each call: escaped and put together, as templates do, without a query before it. */
export function renderReport(): string {
  const lines = rows.map(
    ({ id, name, country, people }) =>
      `<tr><td>${id}</td><td><a href="/cities/${id}">${escaped(name)}</a></td><td>${escaped(country)}</td><td>${people.toLocaleString('de')}</td></tr>\n`,
  )
  return `<!doctype html><title>Cities</title><table>${lines.join('')}</table>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
