/** What of the page is kept: nothing, all of it as one fragment, or each of its rows. */
export type Kept = 'nothing' | 'whole' | 'rows'

export interface Post {
  readonly id: number
  readonly slug: string
  readonly title: string
  readonly author: string
  readonly comments: number
  readonly text: string
}

let drawn = 0

/** Rows of a table. Each says when it is drawn. */
export const posts: readonly Post[] = Array.from({ length: 100 }, (_, id) => ({
  id,
  slug: `what-is-new-in-${id}`,
  title: `What is <new> & "noted" in ${id}`,
  author: `Author ${id % 7}`,
  comments: id * 3,
  get text() {
    drawn++
    return `A line or two that say what the post with the number ${id} is about, & why one might read it.`
  },
}))

/** How many rows were drawn so far. */
export function rowsDrawn(): number {
  return drawn
}

/** The same page in each engine, with the fragments that are asked for. */
export const templates = {
  ejs(kept: Kept): string {
    const [open, close] = tags(kept, '<% cache "list" %>', '<% endcache %>', 'whole')
    const [openRow, closeRow] = tags(kept, '<% cache "row", { vary: [post.id] } %>', '<% endcache %>', 'rows')
    const cells = lines(
      '<td><%= post.id %></td>',
      '<td><a href="/<%= post.slug %>"><%= post.title %></a></td>',
      '<td><%= post.author %></td>',
      '<td><%= post.comments %></td>',
      '<td><%= post.text %></td>',
    )
    return `<table>${open}<% for (const post of posts) { %>${openRow}<tr>${cells}</tr>${closeRow}<% } %>${close}</table>`
  },
  pug(kept: Kept): string {
    const page = ['table']
    let indent = '  '
    const within = (line: string) => {
      page.push(indent + line)
      indent += '  '
    }
    if (kept === 'whole') within(`+cache('list')`)
    within('each post in posts')
    if (kept === 'rows') within(`+cache('row', { vary: [post.id] })`)
    within('tr')
    for (const cell of ['td= post.id', 'td: a(href=`/${post.slug}`)= post.title', 'td= post.author', 'td= post.comments', 'td= post.text'])
      page.push(indent + cell)
    return page.join('\n')
  },
  njk(kept: Kept): string {
    const [open, close] = tags(kept, '{% cache "list" %}', '{% endcache %}', 'whole')
    const [openRow, closeRow] = tags(kept, '{% cache "row", { vary: [post.id] } %}', '{% endcache %}', 'rows')
    const cells = lines(
      '<td>{{ post.id }}</td>',
      '<td><a href="/{{ post.slug }}">{{ post.title }}</a></td>',
      '<td>{{ post.author }}</td>',
      '<td>{{ post.comments }}</td>',
      '<td>{{ post.text }}</td>',
    )
    return `<table>${open}{% for post in posts %}${openRow}<tr>${cells}</tr>${closeRow}{% endfor %}${close}</table>`
  },
  hbs(kept: Kept): string {
    const [open, close] = tags(kept, '{{#cache "list"}}', '{{/cache}}', 'whole')
    const [openRow, closeRow] = tags(kept, '{{#cache "row" vary=id}}', '{{/cache}}', 'rows')
    const cells = lines(
      '<td>{{id}}</td>',
      '<td><a href="/{{slug}}">{{title}}</a></td>',
      '<td>{{author}}</td>',
      '<td>{{comments}}</td>',
      '<td>{{text}}</td>',
    )
    return `<table>${open}{{#each posts}}${openRow}<tr>${cells}</tr>${closeRow}{{/each}}${close}</table>`
  },
}

function lines(...cells: readonly string[]): string {
  return cells.map(cell => `\n  ${cell}`).join('')
}

function tags(kept: Kept, open: string, close: string, asked: Kept): readonly [open: string, close: string] {
  return kept === asked ? [open, close] : ['', '']
}
