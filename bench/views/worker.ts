import { serveQuestions } from '../measure/questions.js'
import { timed } from '../measure/timed.js'
import { engines, type Draw } from './engines.js'
import { rowsDrawn, type Kept } from './templates.js'

const BATCH = 20

const [name = '', kept = ''] = process.argv.slice(2)
const engine = engines[name]
if (engine === undefined) throw new Error(`There is no engine "${name}"`)
const alone = engine.alone()
const draw: Draw = kept === 'alone' ? alone : await engine.views(kept as Kept)
const expected = await alone()
if ((await draw()) !== expected) throw new Error(`${name}, ${kept}: another page than without fragments`)
const keeps = kept === 'whole' || kept === 'rows'

serveQuestions(async ms => {
  const before = rowsDrawn()
  const turn = await timed(ms, BATCH, async () => {
    for (let page = 0; page < BATCH; page++) check(await draw())
  })
  if (keeps !== (rowsDrawn() === before)) throw new Error(`${name}, ${kept}: a row was drawn again, or none was`)
  return turn
})

function check(html: string): void {
  if (html.length !== expected.length) throw new Error(`${name}, ${kept}: another page`)
}
