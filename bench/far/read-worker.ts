import { randomBytes } from 'node:crypto'
import { serveQuestions } from '../measure/questions.js'
import { timed } from '../measure/timed.js'
import { readers, type Read } from './readers.js'

const BATCH = 96
const PAGE_BYTES = 1024

const [how = '', atOnce = '', url = ''] = process.argv.slice(2)
const keys = Array.from({ length: Number(atOnce) }, (_, index) => `${atOnce}:page:${index}`)
const read = readerOf(how)
let loads = 0
const load = async () => {
  loads++
  return randomBytes(PAGE_BYTES)
}
for (const key of keys) await read(key, load)

serveQuestions(async ms => {
  const loaded = loads
  const turn = await timed(ms, BATCH, readBatch)
  if (loads !== loaded) throw new Error(`${how}: a page was loaded again, so not every call was a hit`)
  return turn
})

async function readBatch(): Promise<void> {
  for (let round = 0; round < BATCH / keys.length; round++) await readAll()
}

async function readAll(): Promise<void> {
  const pages = (await Promise.all(keys.map(key => read(key, load)))) as (Buffer | string)[]
  for (const page of pages) if (page.length < PAGE_BYTES) throw new Error(`${how}: got ${page.length} bytes`)
}

function readerOf(name: string): Read {
  const open = readers[name]
  if (open === undefined) throw new Error(`There is no way to read called "${name}"`)
  return open(url)
}
