import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { ROOT, sourceFiles } from './source-text.js'
import { MUTANTS, patched } from './coherence/mutant-list.js'
import { RULES } from './coherence/rules.js'

/** Where the protocol is kept. */
const ROOMS = ['lib/cache', 'lib/queries', 'lib/flight', 'lib/journal', 'lib/stores', 'adapters/redis']

describe('The rules of the protocol', () => {
  it('are named where the code obeys them, and no others', () => {
    const texts = ROOMS.flatMap(room => sourceFiles(room)).map(({ path }) => readFileSync(join(ROOT, path), 'utf8'))
    const comments = texts.flatMap(text => text.match(/(?:\/\/|--|\*) .*/g) ?? [])
    const named = comments.flatMap(comment => [...comment.matchAll(/\[([a-z0-9]{4,})\]/g)].map(([, name]) => name))
    expect([...new Set(named)]).to.have.members(Object.keys(RULES))
  })

  it('are each left out by a mutant', () => {
    expect([...new Set(MUTANTS.map(({ rule }) => rule))]).to.have.members(Object.keys(RULES))
  })

  it('are each left out where the compiled code keeps them, exactly once', () => {
    for (const { patches } of MUTANTS) for (const patch of patches) patched(readFileSync(join(ROOT, 'dist', patch.file), 'utf8'), patch)
  })
})
