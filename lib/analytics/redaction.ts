import { hash } from 'node:crypto'
import { kindOfKey, shapeOfKey } from '../keys/shape.js'

/** What is about to be shown. */
export type Shown = 'key' | 'url' | 'tag'

/**
 * What of keys, URLs and tags may be written down: a function that says it all, or patterns of what may not, besides what is left out anyway.
 */
export type Redaction = ((text: string, what: Shown) => string) | readonly RegExp[]

/** How the key of an entry is shown, and what it has in common with its variants. */
export interface ShownKey {
  readonly shown: string
  /** Of a page its URL; of anything else the same. */
  readonly base: string
}

const MAX_SHOWN = 400
const MAX_TAGS = 8

/** Longer than any number that counts something, mixed like no word, or of a person. */
const MADE_UP = /[^\s:/,;]+@[^\s:/,;]+|\d{11,}|(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}|[A-Za-z0-9_-]{32,}/g

/** Makes keys and tags fit to be seen by whoever may read the reports. */
export class Redactor {
  readonly #rule: Redaction

  constructor(rule: Redaction) {
    this.#rule = rule
  }

  /** @param key without the namespace */
  key(key: string): ShownKey {
    if (kindOfKey(key) !== 'page') {
      const shown = this.#shown(key, 'key', carefulKey)
      return { shown, base: shown }
    }
    // `~page… https://host/path?query variation`
    const parts = key.split(' ')
    const at = parts.findIndex(part => part.includes('://'))
    const [url = '', ...variation] = parts.slice(at === -1 ? parts.length : at)
    const base = this.#shown(url, 'url', carefulUrl)
    return { shown: variation.length === 0 ? base : cut(`${base} ${digest(variation.join(' '))}`), base }
  }

  /** What an entry is counted as: of one that nobody has named that is made of its key. */
  name(name: string, key: string): string {
    if (typeof this.#rule !== 'function') return this.#left(name)
    const isOfKey = name === shapeOfKey(key) && kindOfKey(key) === 'value' && !key.startsWith(`${name}(`)
    return isOfKey ? cut(this.#rule(name, 'key')) : name
  }

  tag(tag: string): string {
    // By which pages are purged with their URL.
    return this.#shown(tag.replace(/^~/, ''), 'tag', tag.startsWith('~') ? carefulUrl : careful)
  }

  tags(tags: readonly string[]): string {
    const shown = tags.slice(0, MAX_TAGS).map(tag => this.tag(tag))
    return cut(shown.join(' ') + (tags.length > MAX_TAGS ? ` +${tags.length - MAX_TAGS}` : ''))
  }

  #shown(text: string, what: Shown, usual: (text: string) => string): string {
    if (typeof this.#rule === 'function') return cut(this.#rule(text, what))
    return cut(this.#left(usual(text)))
  }

  /** Without what the patterns take out. */
  #left(text: string): string {
    const patterns = typeof this.#rule === 'function' ? [] : this.#rule
    return patterns.reduce((left, pattern) => left.replaceAll(global(pattern), '…'), text)
  }
}

/** Something that tells two hidden things apart, and tells nobody what they are. */
function digest(text: string): string {
  return `#${hash('sha256', text).slice(0, 6)}`
}

function careful(text: string): string {
  return text.replaceAll(MADE_UP, digest)
}

function carefulUrl(url: string): string {
  const [path = '', query] = url.split('?', 2)
  if (query === undefined) return careful(path)
  const parts = query.split('&').map(part => {
    const [name = '', value] = part.split('=', 2)
    return value === undefined || value === '' ? careful(part) : `${careful(name)}=${digest(value)}`
  })
  return `${careful(path)}?${parts.join('&')}`
}

/** Keys are made of whatever programs put there: shown are names, and numbers that are not too long. */
function carefulKey(key: string): string {
  const shape = shapeOfKey(key)
  const [, called, args] = /^([^\s(]+)\(([\d.,-]{0,24})\)$/.exec(key) ?? []
  if (called !== undefined && called === shape) return `${called}(${args ?? ''})`
  const plain = careful(key)
  const numbered = plain.replaceAll(/(?<![\p{L}\p{N}])\d{1,10}(?![\p{L}\p{N}])/gu, '*')
  return numbered === shape && plain === key ? key : `${shape} ${digest(key)}`
}

function global(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern.source, `${pattern.flags}g`)
}

function cut(text: string): string {
  return clean(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)
}

/** Text that every database can keep, and that does nothing to a terminal. */
export function clean(text: string): string {
  // Halves of surrogate pairs do not survive as UTF-8.
  return Buffer.from(text)
    .toString()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, '�')
}
