import { keepable, type Keepable } from '../entries/keepable.js'
import { ConfigError, shown } from '../errors.js'
import { earliest, forTtl } from '../freshness/schedule.js'
import { checkedOptions, flagOf, functionOf } from '../options.js'
import { milliseconds, type Duration } from '../time/duration.js'
import type { Accepts } from './visit.js'
import { POLICY_OPTIONS, resolvePolicy, type Policy, type PolicyOptions } from './policy.js'

/** What is used of a Standard Schema (zod, valibot, arktype and others; standardschema.dev). */
export interface Schema {
  readonly '~standard': { readonly validate: (value: unknown) => SchemaResult | Promise<SchemaResult> }
}

/** Issues, if the value does not fit. */
export interface SchemaResult {
  readonly issues?: readonly unknown[] | undefined
}

/** How a value is kept: as any entry, and what of it is kept, and how it is handed out. */
export interface ValuePolicyOptions<Value = unknown> extends PolicyOptions {
  /**
   * Gives each caller a copy of his own, which he may change.
   * @default false: plain data is frozen once, when it is kept, and everybody is handed the same
   */
  readonly copy?: boolean
  /**
   * Keeps the loaded value itself and hands it to everybody, class instances too: whoever changes it changes what is kept. In a store outside of
   * this process only data survive.
   * @default false
   */
  readonly share?: boolean
  /**
   * Whether to keep this result. One that is not kept is an answer for all who wait for it.
   * @default all but errors
   */
  readonly when?: (value: Value) => boolean
  /**
   * How long `null` and `undefined` are kept, if not as long as any other value: what is not there yet may be there soon.
   * @default ttl
   */
  readonly negativeTtl?: Duration
  /**
   * Outlives purges by tag, table, URL and signal: it ends with its ttl, when its key is purged, or with `invalidate(tag, { permanent: true })`.
   * @default false
   */
  readonly permanent?: boolean
  /** A Standard Schema: a kept value that does not fit it, perhaps of an older version of the program, is a miss. Its transformations are not applied. */
  readonly schema?: Schema
}

export const VALUE_POLICY_OPTIONS = [...POLICY_OPTIONS, 'copy', 'share', 'when', 'negativeTtl', 'schema', 'permanent'] as const

/** A policy for values as the engine uses it. */
export interface ValuePolicy {
  readonly policy: Policy
  readonly when: ((value: unknown) => boolean) | undefined
  readonly negativeMs: number | undefined
  readonly schema: Schema | undefined
  /** What it turns down is loaded anew, and stays what it is to others. @default whatever is servable will do */
  readonly accepts?: Accepts
  /** Whether a value depends on what its loader reads through the cache. Where its tags say all that there is to it, following the loader would only cost. */
  readonly follows: boolean
  /** @throws {CodecError} for a value that cannot be kept so */
  readonly contentOf: (value: unknown) => Keepable
}

/** @throws {ConfigError} for a name or value that cannot be; {KeyError} for a tag that cannot be */
export function resolveValuePolicy(given: ValuePolicyOptions<never> | undefined, door: string): ValuePolicy {
  const {
    copy = false,
    share = false,
    permanent = false,
    when,
    negativeTtl,
    schema,
    ...rest
  } = checkedOptions(given, door, VALUE_POLICY_OPTIONS)
  const copies = flagOf(copy, 'copy')
  const shares = flagOf(share, 'share')
  if (copies && shares) throw new ConfigError('Expected `copy` or `share`, got both')
  return Object.freeze({
    policy: { ...resolvePolicy(rest, door), permanent: flagOf(permanent, 'permanent') },
    when: functionOf(when, 'when') as ValuePolicy['when'],
    negativeMs: negativeTtl === undefined ? undefined : milliseconds(negativeTtl, 'negativeTtl'),
    schema: schema === undefined ? undefined : checkedSchema(schema),
    follows: true,
    contentOf: shares ? shared : copies ? copied : keepable,
  })
}

/** Keeps whatever is loaded as plain data, under the policy. */
export function everyValue(policy: Policy, follows: boolean): ValuePolicy {
  return { policy, when: undefined, negativeMs: undefined, schema: undefined, follows, contentOf: keepable }
}

/** The policy for this very value. @throws what `when` or the schema throws */
export async function policyFor({ policy, when, negativeMs, schema }: ValuePolicy, value: unknown): Promise<Policy> {
  const wanted = (when === undefined || when(value)) && (schema === undefined || (await fits(schema, value)))
  if (!wanted) return { ...policy, schedule: forTtl(0), graceMs: 0, staleIfErrorMs: 0 }
  const negative = negativeMs !== undefined && (value === null || value === undefined)
  return negative ? { ...policy, schedule: earliest([policy.schedule, forTtl(negativeMs)]), graceMs: 0, staleIfErrorMs: 0 } : policy
}

/** @throws what the schema throws */
export async function fits(schema: Schema, value: unknown): Promise<boolean> {
  return (await schema['~standard'].validate(value)).issues === undefined
}

function checkedSchema(given: unknown): Schema {
  const { '~standard': standard } = Object(given) as { readonly '~standard'?: { readonly validate?: unknown } }
  if (typeof standard?.validate === 'function') return given as Schema
  throw new ConfigError(`Expected \`schema\` to be a Standard Schema, got ${shown(given)}`)
}

function copied(value: unknown): Keepable {
  return { ...keepable(value), shareable: false }
}

/** What a value is taken to occupy that cannot be looked into. */
const OPAQUE_BYTES = 1024

function shared(value: unknown): Keepable {
  return { value, bytes: bytesOf(value), shareable: true }
}

function bytesOf(value: unknown): number {
  try {
    return keepable(value).bytes
  } catch {
    return OPAQUE_BYTES
  }
}
