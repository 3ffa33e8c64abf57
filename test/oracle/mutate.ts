import { register } from 'node:module'

/** Changes one place in a file of the package, as it is loaded. */
export interface Patch {
  /** In dist/. */
  readonly file: string
  /** Has to be there exactly once. */
  readonly from: string
  readonly to: string
}

type Load = (url: string, context: unknown) => Promise<{ readonly source?: unknown }>

// This file is imported twice: by the worker, and then, as what it registers, by the thread that loads the worker's modules.
if (import.meta.url.endsWith('mutate.js')) register(`${import.meta.url}?hooks`)

/** Node's hook for loading modules. */
export async function load(url: string, context: unknown, next: Load): Promise<unknown> {
  const loaded = await next(url, context)
  const patch = JSON.parse(process.env['MUTANT'] ?? 'null') as Patch | null
  if (patch === null || !url.endsWith(`/dist/${patch.file}`)) return loaded
  const source = String(loaded.source)
  const places = source.split(patch.from).length - 1
  if (places !== 1) throw new Error(`Expected ${JSON.stringify(patch.from)} once in ${patch.file}, found it ${places} times`)
  return { ...loaded, source: source.replace(patch.from, () => patch.to) }
}
