import { parseArgs } from 'node:util'

export const PARTS = [
  'express',
  'koa',
  'misses',
  'holes',
  'values',
  'functions',
  'queries',
  'far',
  'purge',
  'http',
  'analytics',
  'views',
] as const

/** What is measured if nothing is named: all that needs no other programs, and of functions kept in Redis too, where there is one. */
const USUAL = ['express', 'koa', 'values', 'functions', 'queries'] as const
export type Part = (typeof PARTS)[number]

export interface Options {
  readonly rounds: number
  /** How long each contender works in one round. */
  readonly seconds: number
  readonly parts: readonly Part[]
  readonly json: boolean
  readonly help: boolean
}

export const usage = `Measures smart-cache beside others that do the same, in turns, and prints ratios.

  npm run bench                              everything, in about ten minutes
  npm run bench -- --only express            one part: express, koa, misses, values, functions or queries
  npm run bench -- --only holes              hits of pages with holes
  npm run bench -- --only far                hits in a Redis; --only purge for purges there
  npm run bench -- --only analytics          hits with and without analytics
  npm run bench -- --only views              templates with and without fragments
  npm run bench:http                         hits beside nginx, Varnish and others
  npm run bench -- --rounds 40 --seconds 1   longer, for steadier figures

  --rounds <number>    how many rounds (12)
  --seconds <number>   how long each works in a round (0.25)
  --only <part>        measure that part alone; may be repeated
  --json               print the figures for programs
  --help, -h           this text
`

/** What the command line asks for. Throws a sentence about what it cannot read. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '12' },
      seconds: { type: 'string', default: '0.25' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const { rounds, seconds, only, json, help } = values
  return {
    rounds: positive('--rounds', Math.floor(Number(rounds))),
    seconds: positive('--seconds', Number(seconds)),
    parts: only?.map(part) ?? USUAL,
    json,
    help,
  }
}

function positive(option: string, number: number): number {
  if (number > 0 && number < Infinity) return number
  throw new Error(`Expected ${option} to be a number above 0`)
}

function part(text: string): Part {
  const known = PARTS.find(name => name === text)
  if (known === undefined) throw new Error(`Expected --only to be one of ${PARTS.join(', ')}, got "${text}"`)
  return known
}
