import { ConfigError, shown } from '../errors.js'
import { checkedOptions, countOf, flagOf } from '../options.js'
import { milliseconds, type Duration } from '../time/duration.js'
import type { Switches } from './listener.js'
import type { Redaction } from './redaction.js'
import type { TallyLimits } from './tally.js'
import type { WriterOptions } from './writer.js'

/** What is counted, written and kept. */
export interface RecordingOptions {
  /**
   * Counts hits.
   * @default true
   */
  readonly hits?: boolean
  /**
   * Counts misses, loads, purges and evictions, with their reasons.
   * @default true
   */
  readonly misses?: boolean
  /**
   * Counts what failed.
   * @default true
   */
  readonly errors?: boolean
  /**
   * Keeps how long hits and loads took.
   * @default true
   */
  readonly performance?: boolean
  /**
   * The share (0 to 1) of what happens that is written down as an event of its own; the figures count all. Hits are told together, about once a
   * second for each entry.
   * @default 0.01 of hits, 1 of all else
   */
  readonly sample?: number
  /**
   * What must not be written down of keys, URLs and tags: patterns, besides all that looks like a credential, an address or somebody's own, or a function
   * that says what is shown in their stead. Values are never written.
   */
  readonly redact?: Redaction
  /** Bounds. */
  readonly limits?: {
    /** Rows that wait to be written. @default 20_000 */
    readonly buffer?: number
    /** Events of one key in one day, for each process. @default 50 */
    readonly eventsPerKey?: number
    /** Events in one day, for each process. @default 20_000 */
    readonly eventsPerDay?: number
    /** Entries that are told of, those seen last. @default 100_000 */
    readonly entries?: number
  }
  /** For how long what is kept. */
  readonly keep?: {
    /** @default '2d' */
    readonly minutes?: Duration
    /** @default '60d' */
    readonly hours?: Duration
    /** @default '730d' */
    readonly days?: Duration
    /** @default '14d' */
    readonly events?: Duration
    /** Entries that nobody has heard of for so long. @default '60d' */
    readonly entries?: Duration
  }
  /**
   * How often it is written.
   * @default '5s'
   */
  readonly flushEvery?: Duration
}

export const RECORDING_OPTIONS = ['hits', 'misses', 'errors', 'performance', 'sample', 'redact', 'limits', 'keep', 'flushEvery'] as const

export interface Recording {
  readonly switches: Switches
  /** Of each event: is it to be written down? */
  readonly shareOf: (type: string) => number
  readonly redact: Redaction
  readonly limits: TallyLimits
  readonly writer: WriterOptions
}

/** @throws {ConfigError} */
export function resolveRecording(given: Readonly<Record<string, unknown>>): Recording {
  const limits = checkedOptions(given['limits'], '`limits`', ['buffer', 'eventsPerKey', 'eventsPerDay', 'entries'])
  const keep = checkedOptions(given['keep'], '`keep`', ['minutes', 'hours', 'days', 'events', 'entries'])
  const switched = (name: string) => flagOf(given[name] ?? true, name)
  const limit = (name: string, usual: number) => countOf(limits[name] ?? usual, `limits.${name}`)
  const kept = (name: string, usual: Duration) => milliseconds(keep[name] ?? usual, `keep.${name}`)
  const buffer = limit('buffer', 20_000)
  const sample = given['sample']
  if (sample !== undefined && !(typeof sample === 'number' && sample >= 0 && sample <= 1))
    throw new ConfigError(`Expected \`sample\` to be a share from 0 to 1, got ${shown(sample)}`)
  return {
    switches: {
      hits: switched('hits'),
      misses: switched('misses'),
      errors: switched('errors'),
      performance: switched('performance'),
    },
    shareOf: type => sample ?? (type === 'hit' ? 0.01 : 1),
    redact: checkedRedaction(given['redact']),
    limits: { buffer, eventsPerKey: limit('eventsPerKey', 50), eventsPerDay: limit('eventsPerDay', 20_000) },
    writer: {
      everyMs: milliseconds(given['flushEvery'] ?? '5s', 'flushEvery'),
      rows: Math.ceil(buffer / 4),
      patienceMs: 30_000,
      retention: {
        minutesMs: kept('minutes', '2d'),
        hoursMs: kept('hours', '60d'),
        daysMs: kept('days', '730d'),
        eventsMs: kept('events', '14d'),
        entriesMs: kept('entries', '60d'),
        maxEntries: limit('entries', 100_000),
      },
    },
  }
}

function checkedRedaction(given: unknown = []): Redaction {
  if (typeof given === 'function') return given as Redaction
  if (Array.isArray(given) && given.every(pattern => pattern instanceof RegExp)) return given
  throw new ConfigError(`Expected \`redact\` to be a function or an array of patterns, got ${shown(given)}`)
}
