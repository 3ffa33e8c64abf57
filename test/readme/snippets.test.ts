import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

const root = new URL('../../../', import.meta.url)
const PAPERS = { 'The README': 'README.md', 'The page on testing': 'docs/testing.md' }
const programs = ['examples/posts/', 'examples/cities/'].flatMap(folder =>
  readdirSync(new URL(folder, root))
    .filter(file => file.endsWith('.ts'))
    .map(file => unindented(readFileSync(new URL(folder + file, root), 'utf8'))),
)

for (const [paper, file] of Object.entries(PAPERS)) {
  describe(paper, () => {
    const snippets = [...readFileSync(new URL(file, root), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code)

    it('has snippets', () => {
      expect(snippets).to.have.length.above(3)
    })

    for (const snippet of snippets) {
      it(`shows code that stands in a program: ${snippet.split('\n', 1)[0]}`, () => {
        for (const part of snippet.split(/^\/\/ …\n/m)) {
          expect(programs.some(program => program.includes(unindented(part).trim()))).to.equal(true, `No example has these lines:\n${part}`)
        }
      })
    }
  })
}

function unindented(code: string): string {
  return code.replaceAll(/^[ \t]+/gm, '')
}
