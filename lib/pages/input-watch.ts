import type { IncomingMessage } from 'node:http'
import type { Input, InputKind } from './exchange.js'
import { placeOfReader } from './reader.js'

/** Something of a request that has been read. */
export interface Read {
  readonly kind: InputKind
  /** Of the header, cookie or parameter. */
  readonly name: string
  readonly place: string
}

/** Notes what is read of one request, and where. Nothing of it is changed: who reads gets what is there. */
export class InputWatch {
  readonly #reads = new Map<string, Read>()
  readonly #declared = new Set<string>()
  readonly #proxies = new WeakMap<object, object>()
  readonly #restore: readonly (() => void)[]
  #state: 'declaring' | 'reading' | 'busy' | 'over' = 'reading'

  constructor(request: IncomingMessage, inputs: readonly Input[]) {
    const headers: Input = { of: request, property: 'headers', kind: 'header', by: 'property' }
    this.#restore = [headers, ...inputs].map(input =>
      intercepted(input.of, input.property, (value, getter) => this.#watched(input, value, getter)),
    )
  }

  /** What has been read by the application, but for what was declared. */
  get reads(): readonly Read[] {
    return [...this.#reads].filter(([id]) => !this.#declared.has(id)).map(([, read]) => read)
  }

  /** What is read meanwhile is what the page is known to depend on. */
  declare(work: () => void): void {
    this.#state = 'declaring'
    try {
      work()
    } catch {
      // It has been asked before, when its error was heard; here it is only watched.
    } finally {
      this.#state = 'reading'
    }
  }

  /** Ends the watch. */
  stop(): void {
    this.#state = 'over'
    for (const restore of this.#restore) restore()
  }

  #watched({ kind, by }: Input, value: unknown, getter: Call): unknown {
    if (by === 'itself') this.#note(kind, '', getter)
    if (by === 'property' && typeof value === 'object' && value !== null) return this.#watchedProperties(kind, value)
    return by === 'argument' && typeof value === 'function' ? this.#watchedCalls(kind, value as Call) : value
  }

  #watchedProperties(kind: InputKind, values: object): object {
    const known = this.#proxies.get(values)
    if (known !== undefined) return known
    const note = (name: string | symbol, below: Call) => {
      if (typeof name === 'string' && !(name in Object.prototype)) this.#note(kind, name, below)
    }
    const traps = {
      get(target: object, name: string | symbol, receiver: unknown): unknown {
        note(name, traps.get)
        return Reflect.get(target, name, receiver)
      },
      has(target: object, name: string | symbol): boolean {
        note(name, traps.has)
        return Reflect.has(target, name)
      },
    }
    const proxy = new Proxy(values, traps)
    this.#proxies.set(values, proxy)
    return proxy
  }

  /** What the function itself reads to answer is a part of its answer. */
  #watchedCalls(kind: InputKind, original: Call): Call {
    const call = (self: unknown, args: readonly never[]) => {
      this.#note(kind, String(args[0]), watched)
      const before = this.#state
      if (before === 'reading') this.#state = 'busy'
      try {
        return original.apply(self, [...args])
      } finally {
        this.#state = before
      }
    }
    const watched = function (this: unknown, ...args: never[]): unknown {
      return call(this, args)
    }
    return watched
  }

  #note(kind: InputKind, name: string, below: Call): void {
    const id = `${kind} ${name}`
    if (this.#state === 'declaring') this.#declared.add(id)
    if (this.#state !== 'reading' || this.#reads.has(id)) return
    const place = placeOfReader(below)
    if (place !== undefined) this.#reads.set(id, { kind, name, place })
  }
}

type Call = (...args: never[]) => unknown

/** @returns what puts the property back as it was, with what was set meanwhile */
function intercepted(of: object, property: string, read: (value: unknown, getter: Call) => unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(of, property)
  if (own?.configurable === false) return () => undefined
  const inherited = own ?? inheritedFrom(Object.getPrototypeOf(of) as object | null, property)
  let held: PropertyDescriptor | undefined = own
  const get = (): unknown => read(held !== undefined && 'value' in held ? held.value : (inherited?.get?.call(of) ?? inherited?.value), get)
  Object.defineProperty(of, property, {
    configurable: true,
    enumerable: own?.enumerable ?? false,
    get,
    set: (value: unknown) => {
      if (inherited?.set === undefined) held = { value, writable: true, enumerable: true, configurable: true }
      else inherited.set.call(of, value)
    },
  })
  return () => {
    if (held === undefined) Reflect.deleteProperty(of, property)
    else Object.defineProperty(of, property, held)
  }
}

function inheritedFrom(prototype: object | null, property: string): PropertyDescriptor | undefined {
  if (prototype === null) return undefined
  return Object.getOwnPropertyDescriptor(prototype, property) ?? inheritedFrom(Object.getPrototypeOf(prototype) as object | null, property)
}
