/** What every error of this package is. `code` is stable and meant for programs; the message is meant for people. */
export class CacheError extends Error {
  readonly code: `ERR_CACHE_${string}`

  constructor(code: `ERR_CACHE_${string}`, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.name = new.target.name
  }
}

/** An option that is unknown, of the wrong kind or out of range. Raised when the option is given, not when it is used. */
export class ConfigError extends CacheError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CACHE_CONFIG', message, options)
  }
}

/** A key, tag or argument that cannot name an entry without the danger of naming two. */
export class KeyError extends CacheError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CACHE_KEY', message, options)
  }
}

/** A value that cannot be kept so that it comes back as it was. */
export class CodecError extends CacheError {
  constructor(message: string, options?: ErrorOptions) {
    super('ERR_CACHE_CODEC', message, options)
  }
}

/** A store that failed at `operation`, such as `'read'` or `'purge'`. `cause` is what the store said. */
export class StoreError extends CacheError {
  readonly operation: string

  constructor(operation: string, cause: unknown) {
    super('ERR_CACHE_STORE', `The store failed at ${operation}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.operation = operation
  }
}

/** A load that took longer than its `loadTimeout`. What it brings after that is kept by nobody. */
export class LoadTimeoutError extends CacheError {
  constructor(message: string) {
    super('ERR_CACHE_LOAD_TIMEOUT', message)
  }
}

/** How a refused value is shown in a message: its kind, and enough of it to find it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'function') return `a function${value.name === '' ? '' : ` (${value.name})`}`
  if (typeof value === 'object' && value !== null) return describedObject(value)
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

function describedObject(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Array.prototype) return 'an array'
  if (prototype === null || prototype === Object.prototype) return 'an object'
  const { constructor } = value
  return typeof constructor === 'function' && constructor.name !== '' ? `an instance of ${constructor.name}` : 'an object'
}
