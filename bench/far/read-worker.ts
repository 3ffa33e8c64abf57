import { randomBytes } from 'node:crypto'
import type { Turn } from '../measure/contest.js'
import { serveQuestions } from '../measure/questions.js'
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

serveQuestions(async (ms): Promise<Turn> => {
  const loaded = loads
  const begin = performance.now()
  const used = process.cpuUsage()
  let operations = 0
  for (; performance.now() < begin + ms; operations += BATCH) {
    for (let round = 0; round < BATCH / keys.length; round++) await readAll()
  }
  const { user, system } = process.cpuUsage(used)
  const elapsedUs = (performance.now() - begin) * 1000
  if (loads !== loaded) throw new Error(`${how}: a page was loaded again, so not every call was a hit`)
  return { operations, cpuUs: user + system, elapsedUs }
})

async function readAll(): Promise<void> {
  const pages = (await Promise.all(keys.map(key => read(key, load)))) as (Buffer | string)[]
  for (const page of pages) if (page.length < PAGE_BYTES) throw new Error(`${how}: got ${page.length} bytes`)
}

function readerOf(name: string): Read {
  const open = readers[name]
  if (open === undefined) throw new Error(`There is no way to read called "${name}"`)
  return open(url)
}
